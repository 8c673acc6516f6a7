import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCheck, type CheckOptions } from '../../src/cli/commands/check.js';
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

const none = { set: [], setFile: [], unset: [], format: 'text' } as const;
const check = (...names: readonly string[]) => checkWith({}, ...names);
const checkWith = async (changes: Partial<CheckOptions>, ...names: readonly string[]) => {
  const options = { ...none, ...changes };
  const out: string[] = [];
  const err: string[] = [];
  const files = names.map((name) => join(folder, name));
  const code = await runCheck(files, options, { out: (line) => out.push(line), err: (line) => err.push(line) }, registry);
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

it('gives a line of JSON for each file', async () => {
  const { code, out, err } = await checkWith({ format: 'json' }, 'good.yaml', 'bad.yaml');
  const lines = out.split('\n').map((line): unknown => JSON.parse(line));
  expect({ code, err }).toEqual({ code: 2, err: '' });
  expect(lines).toMatchObject([
    { file: 'good.yaml', ok: true, faults: [] },
    {
      file: 'bad.yaml',
      ok: false,
      faults: [
        { code: 'unknown-component', path: 'data.type', file: 'bad.yaml', line: 2, column: 7, endColumn: 13 },
        { code: 'unknown-key', message: 'model "vae" has no parameter "latnet"; did you mean "latent"?', line: 5, argument: null },
      ],
    },
  ]);
});

it('speaks to GitHub in its own words', async () => {
  const { out } = await checkWith({ format: 'github', set: ['training.epochs=1%,2'] }, 'bad.yaml');
  const lines = out.split('\n');
  expect(lines).toContainEqual(
    expect.stringMatching(/^::error file=bad\.yaml,line=2,col=7,endColumn=13,title=unknown-component::there is no dataset "pionts"/),
  );
  expect(lines).toContainEqual(expect.stringMatching(/^::error title=wrong-type::--set training\.epochs=1%25,2: "epochs" must be/));
});

it('checks what arguments change', async () => {
  expect((await checkWith({ set: ['model.latent=0'] }, 'good.yaml')).err).toContain('--set model.latent=0  model.latent  [out-of-range]');
  expect((await checkWith({ unset: ['metrics'] }, 'good.yaml')).err).toContain('metrics');
});
