/** docs/plugins.md, done as it says: its files are saved under their names, its commands are run, in a folder where nothing is installed. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cli, type CliResult } from '../cli/cli.js';
import { allBlocks } from './documents.js';

const page = 'docs/plugins.md';
const blocksOf = (language: string) => allBlocks(language).filter(({ document }) => document === page);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latentlab-plugins-'));
  for (const { file, text } of [...blocksOf('js'), ...blocksOf('yaml')]) if (file !== null) writeFileSync(join(folder, file), text);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** `npx latentlab <command> ...` */
const run = (line: string): CliResult => cli(line.replace(/^npx latentlab /, '').split(' '), folder);

it('gives a first component that is checked, verified and trained with', () => {
  const [block] = blocksOf('sh');
  const lines = block?.text.trim().split('\n') ?? [];
  expect(lines.map((line) => line.split(' ')[2])).toEqual(['check', 'verify', 'run']);
  for (const line of lines) {
    const { code, stderr } = run(line);
    expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: '' });
  }
  const [name = ''] = readdirSync(join(folder, 'results/free-nats'));
  const read = (file: string): string => readFileSync(join(folder, 'results/free-nats', name, file), 'utf8');
  const { plugins } = JSON.parse(read('run.json')) as { readonly plugins: readonly object[] };
  expect(plugins).toEqual([{ plugin: './my-components.js', version: null, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }]);
  expect(read('metrics.csv').split('\n')[0]).toContain('loss.free-nats');
});

it('shows what is said of a name without its plug-in', () => {
  const { code, stderr } = run('npx latentlab check mistyped.yaml');
  expect(code).toBe(2);
  expect(stderr.startsWith(blocksOf('text')[0]?.text ?? 'no such text')).toBe(true);
});

it('gives a schedule that is verified as well', () => {
  expect(run('npx latentlab verify my-schedules.js')).toMatchObject({ code: 0, stderr: '' });
});
