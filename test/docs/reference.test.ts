/** docs/reference/ is what the schemas say. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { referenceFolder, referencePages } from '../../scripts/reference.js';
import { createRegistry } from '../../src/runner/registry.js';

const registry = createRegistry();
const pages = referencePages(registry);

it('has the pages that it should have, and no other', () => {
  expect(readdirSync(referenceFolder).sort()).toEqual([...pages.keys()].sort());
});

it.each([...pages])('is current: %s (`npm run docs` writes it anew)', (file, text) => {
  expect(readFileSync(join(referenceFolder, file), 'utf8')).toBe(text);
});

it('describes every param of every component, with its kind of value', () => {
  for (const { kind, name, params } of registry.all()) {
    const section = (pages.get(`${kind}.md`) ?? '').split('\n## ').find((text) => text.startsWith(`${name}\n`)) ?? '';
    for (const [param, { description }] of Object.entries(params)) {
      const row = section.split('\n').find((line) => line.startsWith(`| \`${param}\` | `)) ?? `no row for ${kind} ${name}: ${param}`;
      expect(row).toContain(description.replaceAll('|', '\\|'));
      // Pipes that are part of a text do not make cells.
      expect(row.replaceAll('\\|', '').split('|')).toHaveLength(6);
    }
  }
});
