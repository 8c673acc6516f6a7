import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInit, type InitRequest } from '../../src/cli/commands/init.js';
import { modelineFor } from '../../src/cli/modeline.js';
import { scaffoldedModels } from '../../src/cli/scaffold.js';
import { loadExperiment } from '../../src/runner/config/load.js';
import { createRegistry } from '../../src/runner/registry.js';
import { cli } from './cli.js';

const registry = createRegistry();
const project = resolve(import.meta.dirname, '../..');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latentlab-init-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let numFiles = 0;
const newFile = (): string => join(folder, `my experiment ${String((numFiles += 1))}.yaml`);

const init = async (request: Partial<InitRequest>, answers: readonly (string | null)[] | null = null) => {
  const out: string[] = [];
  const err: string[] = [];
  const questions: string[] = [];
  const ask = (question: string): Promise<string | null> => {
    questions.push(question);
    return Promise.resolve(answers?.[questions.length - 1] ?? null);
  };
  const io = { out: (line: string) => out.push(line), err: (line: string) => err.push(line) };
  const code = await runInit({ force: false, ...request }, io, registry, answers === null ? null : ask);
  return { code, out: out.join('\n'), err: err.join('\n'), questions };
};

/** These begin with an experiment from configs/vaes or configs/study: they ask for data of their own, or are not trained. */
const others = ['autoencoder', 'cvae', 'factor-analysis', 'hierarchical-vae', 'm2', 'ppca', 'vq-vae'];

it('has a recipe for every model that suits any data', () => {
  expect([...scaffoldedModels, ...others].sort()).toEqual(registry.names('model'));
});

describe.each(scaffoldedModels)('an experiment with the model %s', (model) => {
  const unlabelled = ['gaussian-1d', 'linear-gaussian', 'swiss-roll'];
  const datasets = registry.names('dataset').filter((data) => model !== 'classifier' || !unlabelled.includes(data));
  it.each(datasets)('has no fault with %s', async (data) => {
    const target = newFile();
    expect(await init({ target, model, data })).toMatchObject({ code: 0, err: '' });
    const { experiment } = await loadExperiment(target, { registry });
    expect(experiment).toMatchObject({ name: `my-experiment-${String(numFiles)}`, model: { type: model }, data: { type: data } });
    expect(experiment.losses.length).toBeGreaterThan(0);
    expect(experiment.plots.length).toBeGreaterThan(0);
  });
});

it('writes experiments whose shapes fit, and whose every part learns', async () => {
  const files = scaffoldedModels.flatMap((model) => ['mnist-10k', 'gaussian-ring'].map((data) => ({ model, data, target: newFile() })));
  for (const file of files) await init(file);
  const { code, stderr } = cli(['plan', ...files.map(({ target }) => target)], folder);
  expect([code, stderr]).toEqual([0, '']);
}, 180_000);

it('takes the latent size', async () => {
  const target = newFile();
  await init({ target, latent: '3' });
  expect((await loadExperiment(target, { registry })).experiment.model).toMatchObject({ type: 'vae', latent: 3 });
});

it('says what does not fit together', async () => {
  const { code, err, out } = await init({ target: newFile(), model: 'classifier', data: 'swiss-roll' });
  expect([code, out.includes('latentlab run')]).toEqual([2, false]);
  expect(err).toContain('the data has none');
});

it.each<[Partial<InitRequest>, string]>([
  [{ model: 'gna' }, 'did you mean "gan"?'],
  [{ data: 'mnits' }, 'did you mean "mnist"?'],
  [{ latent: '2.5' }, 'a whole number from 1'],
  [{ latent: '' }, 'a whole number from 1'],
  [{ model: 'classifier', latent: '2' }, 'has no codes'],
])('refuses %o, and writes nothing', async (request, text) => {
  const target = newFile();
  const { code, err } = await init({ target, ...request });
  expect([code, existsSync(target)]).toEqual([2, false]);
  expect(err).toContain(text);
});

it('leaves a file as it is, unless it may be replaced', async () => {
  const target = newFile();
  writeFileSync(target, 'precious');
  expect(await init({ target })).toMatchObject({ code: 2, err: expect.stringContaining('--force') as string });
  expect(readFileSync(target, 'utf8')).toBe('precious');
  expect((await init({ target, force: true })).code).toBe(0);
  expect(readFileSync(target, 'utf8')).toContain('type: vae');
});

describe('on a terminal', () => {
  it('asks for what no flag says, again where an answer cannot be', async () => {
    const target = newFile();
    const { code, questions, out } = await init({ target, data: 'gaussian-ring' }, ['gna', 'gan', '0', '']);
    expect(code).toBe(0);
    expect(questions.map((question) => question.split(' ')[0])).toEqual(['Model', 'Model', 'Latent', 'Latent']);
    expect(questions.at(-1)).toContain('[2]');
    expect(out).toContain('did you mean "gan"?');
    expect((await loadExperiment(target, { registry })).experiment.model).toMatchObject({ type: 'gan' });
  });

  it('does not ask for a latent size that there is not', async () => {
    expect((await init({ target: newFile() }, ['classifier', ''])).questions).toHaveLength(2);
  });

  it('writes nothing when it is closed', async () => {
    const target = newFile();
    expect(await init({ target }, ['gan', null])).toMatchObject({ code: 130 });
    expect(existsSync(target)).toBe(false);
  });
});

describe('the first line', () => {
  const schemaOf = (at: string): string => modelineFor(at).line.replace('# yaml-language-server: $schema=', '');

  it('leads to the schema of the latentlab in the project', () => {
    const home = join(folder, 'home');
    const schema = join(home, 'node_modules/latentlab/schema/experiment.schema.json');
    mkdirSync(dirname(schema), { recursive: true });
    writeFileSync(schema, '{}');
    expect(schemaOf(home)).toBe('./node_modules/latentlab/schema/experiment.schema.json');
    expect(schemaOf(join(home, 'a/b'))).toBe('../../node_modules/latentlab/schema/experiment.schema.json');
  });

  it('leads to that of this package inside of it, and from elsewhere by its URL', () => {
    expect(schemaOf(join(project, 'configs/gans'))).toBe('../../schema/experiment.schema.json');
    expect(schemaOf(project)).toBe('./schema/experiment.schema.json');
    expect(modelineFor(folder).isPortable).toBe(false);
    expect(schemaOf(folder)).toBe(pathToFileURL(join(project, 'schema/experiment.schema.json')).href);
  });
});

it('says what is in the way of its file', async () => {
  const file = newFile();
  expect((await init({ target: file })).code).toBe(0);
  // A file where a folder would have to be, as a stand-in for all that a disk refuses.
  expect(await init({ target: join(file, 'inner.yaml') })).toMatchObject({
    code: 2,
    err: expect.stringContaining('inner.yaml cannot be written: ') as string,
  });
});

it('prints commands that a shell reads as they are meant', async () => {
  const file = newFile();
  expect((await init({ target: file })).out).toMatch(/latentlab run ['"].*my experiment \d+\.yaml['"]/);
});

it('is a command that does not wait for answers where there is no terminal', () => {
  const { code, stdout } = cli(['init', 'ring', '--model', 'gan', '--data', 'gaussian-ring'], folder);
  expect([code, existsSync(join(folder, 'ring.yaml'))]).toEqual([0, true]);
  expect(stdout).toContain('latentlab run ring.yaml');
  expect(cli(['check', 'ring.yaml'], folder).code).toBe(0);
  expect(cli(['init'], folder).code).toBe(0);
  expect(cli(['init'], folder)).toMatchObject({ code: 2, stderr: expect.stringContaining('my-vae.yaml is there already') as string });
});
