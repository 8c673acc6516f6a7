/** What an editor offers and says, asked of the real yaml-language-server with the schema that is checked in. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Position } from 'vscode-languageserver-protocol/node';
import { modeline, modelineFor } from '../../src/cli/modeline.js';
import { scaffold } from '../../src/cli/scaffold.js';
import { fileSchemaText } from '../../src/runner/config/file-schema.js';
import { createRegistry } from '../../src/runner/registry.js';
import { startEditor, type Editor } from './language-server.js';

const configs = resolve(import.meta.dirname, '../../configs');
const registry = createRegistry();

let editor: Editor;
beforeAll(async () => {
  editor = await startEditor();
}, 180_000);
afterAll(() => editor.close());

let numFiles = 0;
/** Opens a text as a config; `|` is where the cursor stands. */
const openAt = async (marked: string): Promise<{ readonly file: string; readonly position: Position }> => {
  const file = join(configs, 'smoke', `edited-${String((numFiles += 1))}.yaml`);
  const text = `# yaml-language-server: $schema=../../schema/experiment.schema.json\n${marked}`;
  const before = text.slice(0, text.indexOf('|')).split('\n');
  await editor.open(file, text.replace('|', ''));
  return { file, position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 } };
};

const completionsAt = async (marked: string): Promise<readonly string[]> => {
  const { file, position } = await openAt(marked);
  return (await editor.complete(file, position)).map(({ label }) => label);
};

const paramsOf = (kind: 'encoder' | 'loss' | 'plot' | 'optimizer', name: string): readonly string[] =>
  Object.keys(registry.lookUp(kind, name)?.params ?? {});

describe('completes names of components', () => {
  it.each([
    ['below a key', 'model:\n  type: vae\n  encoder: |', registry.choices('encoder')],
    ['in `type`', 'model:\n  type: vae\n  encoder:\n    type: |', registry.choices('encoder')],
    ['in a map on one line', 'model:\n  type: vae\n  encoder: { type: m| }', registry.choices('encoder')],
    ['in a list', 'losses:\n  - |', registry.choices('loss')],
    ['in a list on one line', 'losses: [|]', registry.choices('loss')],
    ['in an entry of a list', 'losses:\n  - type: kl\n  - type: |', registry.choices('loss')],
    ['in an entry on one line', 'plots:\n  - { type: s|, count: 9 }', registry.choices('plot')],
    ['in an axis of a sweep', 'sweep:\n  grid:\n    model.encoder:\n      - |', registry.choices('encoder')],
    ['in an axis on one line', 'sweep: { zip: { model.decoder: [|] } }', registry.choices('decoder')],
    ['in an axis with a name', 'sweep:\n  grid:\n    net: { path: model.encoder, values: [|] }', registry.choices('encoder')],
    [
      'in the named values of an axis',
      'sweep:\n  grid:\n    model.encoder: { values: { wide: { type: m| } } }',
      registry.choices('encoder'),
    ],
    ['in an entry of a sweep’s list', 'sweep:\n  list:\n    - model.encoder: |', registry.choices('encoder')],
    ['in an axis over a type', 'sweep:\n  grid:\n    model.encoder.type: [|]', registry.choices('encoder')],
    ['in a slot of an entry', 'losses:\n  - type: kl\n    weight:\n      type: |', registry.choices('schedule')],
  ])('%s', async (_, marked, names) => {
    expect(await completionsAt(marked)).toEqual(expect.arrayContaining([...names]));
  });
});

describe('completes params, those of the component that is named', () => {
  it.each([
    ['of an encoder', 'model:\n  type: vae\n  encoder:\n    type: conv\n    |', paramsOf('encoder', 'conv'), paramsOf('loss', 'r1')],
    ['of an encoder on one line', 'model: { type: vae, encoder: { type: mlp, h| } }', paramsOf('encoder', 'mlp'), ['filters']],
    ['of a slot’s default', 'model:\n  type: vae\n  encoder:\n    |', ['type', ...paramsOf('encoder', 'mlp')], ['filters']],
    ['of a loss', 'losses:\n  - reconstruction\n  - type: kl\n    |', ['weight', 'name'], ['gamma', 'slope']],
    ['of a loss whose name begins another’s', 'losses:\n  - { type: kl, w| }', ['weight'], paramsOf('loss', 'kl-monte-carlo')],
    ['of a plot', 'plots:\n  - type: samples\n    |', [...paramsOf('plot', 'samples'), 'at', 'every'], ['metrics']],
    ['of a plot on one line', 'plots:\n  - { type: curve, m| }', ['metrics', 'at'], ['count']],
    ['of an optimizer', 'training:\n  optimizer:\n    type: adam\n    |', paramsOf('optimizer', 'adam'), []],
    [
      'of an entry of a sweep',
      'sweep:\n  grid:\n    model.encoder:\n      - type: conv\n        |',
      paramsOf('encoder', 'conv'),
      paramsOf('loss', 'r1'),
    ],
    ['that a sweep may vary', 'sweep:\n  grid:\n    |', ['model.latent', 'model.encoder', 'training.batchSize'], ['name', 'plugins']],
    ['of draws', 'sweep:\n  random:\n    axes:\n      model.latent:\n        type: log-uniform\n        |', ['min', 'max'], ['values']],
    ['of a sweep', 'sweep:\n  |', ['grid', 'zip', 'list', 'random', 'include', 'exclude'], ['data']],
    ['of the experiment', 'name: x\n|', ['seed', 'seeds', 'sweep', 'data', 'model', 'losses', 'training', 'plots'], ['name']],
    ['of a map', 'training:\n  epochs: 3\n  |', ['batchSize', 'optimizer', 'updates'], ['epochs']],
  ])('%s', async (_, marked, params, others) => {
    const labels = await completionsAt(marked);
    expect(labels).toEqual(expect.arrayContaining([...params]));
    for (const other of others) expect(labels).not.toContain(other);
  });

  it('in a file that extends another', async () => {
    const labels = await completionsAt('extends: base.yaml\nmodel:\n  type: vae\n  encoder:\n    type: conv\n    |');
    expect(labels).toEqual(expect.arrayContaining([...paramsOf('encoder', 'conv')]));
    expect(await completionsAt('ext|')).toContain('extends');
    expect(await completionsAt('extends: base.yaml\n|')).toEqual(expect.arrayContaining(['seed', 'model', 'training']));
  });

  it('and their values', async () => {
    expect(await completionsAt('model:\n  type: vae\n  encoder:\n    type: mlp\n    activation: |')).toContain('leaky-relu');
    expect(await completionsAt('plots:\n  - { type: samples, at: [|] }')).toEqual(expect.arrayContaining(['start', 'half', 'end']));
    expect(await completionsAt('sweep:\n  random:\n    axes:\n      model.latent: { type: u| }')).toEqual(
      expect.arrayContaining(['uniform', 'log-uniform', 'int', 'choice']),
    );
    expect(await completionsAt('sweep:\n  grid:\n    lr: { path: m| }')).toEqual(
      expect.arrayContaining(['training.optimizer.learningRate', 'model.encoder']),
    );
    expect(await completionsAt('engine: |')).toEqual(expect.arrayContaining(['auto', 'onnx', 'cpu']));
  });
});

it('documents what it proposes', async () => {
  const { file, position } = await openAt('losses:\n  - |');
  const kl = (await editor.complete(file, position)).find(({ label }) => label === 'kl');
  expect(JSON.stringify(kl?.documentation)).toContain(registry.find('loss', 'kl')?.description);
});

it.each([
  ['a component by its name', 'model:\n  type: vae\n  enc|oder: mlp', 'Dense layers with an activation after each hidden one'],
  ['a component by its map', 'model:\n  type: vae\n  enc|oder: { type: conv }', 'Convolutions with strides'],
  ['a name', 'losses:\n  - { type: k|l }', 'in closed form, summed over latents'],
  ['a param', 'model: { type: vae, encoder: { type: mlp, hid|den: [3] } }', '`list of integers ≥ 1, default [500]` (units)'],
  ['a param of every loss', 'losses:\n  - { type: kl, wei|ght: 3 }', 'Factor of the term: a number, or a schedule'],
  ['a path in a sweep', 'sweep:\n  grid:\n    model.la|tent: [2, 3]', 'Size of a code'],
  ['a part of a sweep', 'sweep:\n  zi|p: { model.latent: [2] }', 'Axes that move together'],
  ['seeds', 'see|ds: 5', 'Every run is made once for each of these seeds'],
  ['a key of the experiment', 'training:\n  bat|chSize: 3', '`integer ≥ 1, default 128` (examples)'],
])('explains %s under the pointer', async (_, marked, text) => {
  const { file, position } = await openAt(marked);
  expect(await editor.hover(file, position)).toContain(text);
});

describe('finds', () => {
  const usual = `data: mnist-10k
model: { type: vae, latent: 2 }
losses: [reconstruction, kl]
training: { epochs: 2 }
`;
  const errorsOf = async (text: string): Promise<readonly string[]> => {
    const file = join(configs, 'smoke', `wrong-${String((numFiles += 1))}.yaml`);
    const found = await editor.open(file, `# yaml-language-server: $schema=../../schema/experiment.schema.json\n${text}`);
    return found.map(({ place, message }) => `${place} ${message}`);
  };

  it('nothing in a usual experiment, with anchors, merge keys and references', async () => {
    const anchors = 'x-small: &small { type: mlp, hidden: [3] }\nclassifier: { <<: *small }\nseed: ${env:SEED}\n';
    expect(await errorsOf(usual + anchors)).toEqual([]);
  });

  it('nothing in a file that changes another, and what is wrong in it', async () => {
    const part =
      'extends: [base.yaml]\nmodel: { latent: 3, encoder: { hidden: [3] } }\nlosses[1].weight: 3\nplots[+]: samples\ntraining: ${unset}\n';
    expect(await errorsOf(part)).toEqual([]);
    expect(await errorsOf(`${part}seed: one\n`)).toEqual([expect.stringMatching(/^7:7 Expected integer/)]);
    expect(await errorsOf('extends: base.yaml\nmodel: { type: vae, encoder: { type: mlp, widths: [3] } }\n')).toEqual([
      expect.stringMatching(/^3:43 Property widths is not allowed/),
    ]);
    expect(await errorsOf('extends: 3\n')).toHaveLength(1);
  });

  it.each([
    ['an unknown key', 'seeed: 1', /^6:1 Property seeed is not allowed/],
    ['an unknown component', 'data: mnits', /^2:7 Expected .* mnist, .* or a map with the type csv/],
    ['an unknown type', 'model: { type: veo, latent: 2 }', /^3:16 .*"vae"/],
    ['an unknown param', 'model: { type: vae, latent: 2, encoder: { type: mlp, widths: [3] } }', /^3:54 Property widths is not allowed/],
    ['a missing param', 'model: { type: vae }', /^3:1 Missing property "latent"/],
    ['a missing key', 'data', /^2:1 Missing property "data"/],
    ['a number out of range', 'model: { type: vae, latent: 0 }', /^3:29 Value is below the minimum of 1/],
    ['text for a number', 'training: { epochs: ten }', /^5:21 Expected integer ≥ 1 or null/],
    ['a number for a list', 'model: { type: vae, latent: 2, encoder: { type: mlp, hidden: 3 } }', /^3:62 Expected list of integers ≥ 1/],
    ['a bad word', 'model: { type: vae, latent: 2, decoder: { type: mlp, activation: rleu } }', /^3:66 .*"relu"/],
    ['a bad moment', 'plots: [{ type: samples, at: [strat] }]', /^6:31 .*"start"/],
    ['an empty list', 'training: { epochs: 2, updates: [] }', /^5:33 Array has too few items/],
    ['a map without a type', 'data: { binarization: static }', /^2:1 Missing property "type"/],
    ['an unknown part of a sweep', 'sweep: { gird: {} }', /^6:10 Property gird is not allowed/],
    ['a misspelt path of an axis', 'sweep: { grid: { model.latnet: [2, 3] } }', /^6:32 Expected a path of the experiment/],
    ['a misspelt path of a named axis', 'sweep: { grid: { lr: { path: training.optimzer, values: [1] } } }', /^6:30 Expected a path/],
    ['a wrong value of an axis', 'sweep: { grid: { model.encoder: [mlp, mpl] } }', /^6:39 .*"mlp"/],
    ['a wrong number on an axis', 'sweep: { grid: { model.latent: [2, 0] } }', /^6:36 Value is below the minimum of 1/],
    ['an empty axis', 'sweep: { grid: { model.latent: [] } }', /^6:32 Array has too few items/],
    ['unknown draws', 'sweep: { random: { count: 2, axes: { model.latent: { type: nromal } } } }', /^6:60 .*"uniform"/],
    [
      'draws of logarithms from 0',
      'sweep: { random: { count: 2, axes: { model.latent: { type: log-uniform, min: 0, max: 1 } } } }',
      /^6:78 Value is below/,
    ],
    ['no seeds', 'seeds: 0', /^6:8 Value is below the minimum of 1/],
    ['a map in place of a list', 'losses: { type: kl }', /^4:9 Expected list of losses/],
  ])('%s', async (_, part, message) => {
    const [key = '', value] = part.split(/:(.*)/);
    const line = new RegExp(`^${key}:.*\n`, 'm');
    const text = line.test(usual) ? usual.replace(line, value === undefined ? '' : `${part}\n`) : `${usual}${part}\n`;
    const errors = await errorsOf(text);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(message);
  });
});

it('finds the schema of an experiment that `latentlab init` has written elsewhere', async () => {
  const elsewhere = join(tmpdir(), 'elsewhere');
  const text = scaffold(registry, { name: 'new', model: 'gan', data: 'mnist-10k', latent: null, modeline: modelineFor(elsewhere).line });
  expect(await editor.open(join(elsewhere, 'new.yaml'), text)).toEqual([]);
  expect(await editor.open(join(elsewhere, 'wrong.yaml'), text.replace('seed:', 'seeed:'))).toHaveLength(1);
});

it('knows the components of plug-ins by a schema of its own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'latentlab-editor-'));
  try {
    const step = registry.find('schedule', 'step');
    if (step === undefined) throw new Error('no such schedule');
    const extended = createRegistry([{ ...step, name: '@my.package/stairs' }]);
    writeFileSync(join(folder, 'mine.json'), fileSchemaText(extended));
    const file = join(folder, 'mine.yaml');
    const text = `${modeline('mine.json')}\nlosses:\n  - type: kl\n    weight:\n      type: "@my.package/stairs"\n      `;
    await editor.open(file, text);
    const labels = (await editor.complete(file, { line: 5, character: 6 })).map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(Object.keys(step.params)));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('finds nothing in any shipped config', async () => {
  const files = readdirSync(configs, { recursive: true, encoding: 'utf8' }).filter((file) => /\.ya?ml$/.test(file));
  const found = await Promise.all(
    files.map(async (file) => {
      const path = join(configs, file);
      return (await editor.open(path, readFileSync(path, 'utf8'))).map(({ message }) => `${file}: ${message}`);
    }),
  );
  expect(files.length).toBeGreaterThan(50);
  expect(found.flat()).toEqual([]);
}, 180_000);
