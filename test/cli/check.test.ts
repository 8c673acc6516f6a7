import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCheck } from '../../src/cli/commands/check.js';
import { Registry } from '../../src/registry/registry.js';
import { toyComponents } from '../registry/toy-components.js';
import { valid } from '../runner/config/load-text.js';

const registry = new Registry(toyComponents);
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latentlab-'));
  await writeFile(join(folder, 'good.yaml'), valid);
  await writeFile(join(folder, 'bad.yaml'), valid.replace('latent: 2', 'latnet: 2').replace('data: points', 'data: pionts'));
});
afterAll(() => rm(folder, { recursive: true }));

const check = async (...names: readonly string[]) => {
  const out: string[] = [];
  const err: string[] = [];
  const files = names.map((name) => join(folder, name));
  const code = await runCheck(files, { out: (line) => out.push(line), err: (line) => err.push(line) }, registry);
  return { code, out: out.join('\n').replaceAll(`${folder}/`, ''), err: err.join('\n').replaceAll(`${folder}/`, '') };
};

it('says ok and what the experiment is', async () => {
  expect(await check('good.yaml')).toEqual({ code: 0, out: 'ok  good.yaml  (vae on points, reconstruction + beta-kl, 4 epochs)', err: '' });
});

it('goes through all files and counts what is wrong', async () => {
  const { code, out, err } = await check('bad.yaml', 'good.yaml', 'none.yaml');
  expect(code).toBe(2);
  expect(out).toContain('ok  good.yaml');
  expect(err).toMatch(/bad\.yaml:2:7[^]*bad\.yaml:5:3[^]*none\.yaml[^]*3 faults in 2 files$/);
});

it('asks for files', async () => {
  expect((await check()).code).toBe(2);
});
