import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { nameFromFile } from '../../../src/runner/config/experiment.js';
import { originOf } from '../../../src/runner/config/origins.js';
import { checkExperiment } from '../../../src/runner/config/checks.js';
import { errorOf, loadText, valid } from './load-text.js';

describe('loadExperiment', () => {
  it('gives a complete and frozen experiment, and the text as written', async () => {
    const { experiment, source } = await loadText(valid);
    expect(source).toBe(valid);
    expect(experiment).toMatchObject({
      name: 'toy',
      seed: 0,
      engine: { type: 'auto', threads: null },
      data: { type: 'points', count: 100 },
      training: {
        epochs: 4,
        steps: null,
        batchSize: 128,
        optimizer: { type: 'adam', learningRate: { type: 'constant', value: 0.001 } },
        clipping: null,
      },
    });
    expect(Object.isFrozen(experiment.model['encoder'])).toBe(true);
    expect(Object.isFrozen(experiment.losses)).toBe(true);
  });

  it('builds the components, with what the runner reads of each entry', async () => {
    const { built, experiment, registry } = await loadText(valid);
    expect(built.model.component.latent).toBe(2);
    expect(built.losses.map(({ name, path, common }) => [name, path, common.weight.constant])).toEqual([
      ['reconstruction', ['losses', 0], true],
      ['beta-kl', ['losses', 1], false],
    ]);
    expect(built.plots.map(({ common }) => [common.at, common.every])).toEqual([
      [['start', 3], null],
      [[], { epochs: 10 }],
    ]);
    expect(checkExperiment(registry, built, experiment.training, null)).toEqual([]);
  });

  it('gives the same experiment again when its resolved YAML is read', async () => {
    const first = await loadText(valid, ['engine=cpu', 'training.optimizer.learningRate=1e-7', 'description="1e3: # \\n x"']);
    const second = await loadText(first.yaml(), [], undefined, 'other.yaml');
    expect(second.experiment).toEqual(first.experiment);
    expect(second.yaml()).toBe(first.yaml());
  });

  it('keeps every number and text through its resolved YAML', async () => {
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true });
    await fc.assert(
      fc.asyncProperty(numbers, fc.string({ unit: 'binary' }), async (number, text) => {
        const written = stringify({ ...Object(parse(valid)), description: text, losses: [{ type: 'beta-kl', weight: number }] });
        const first = await loadText(written);
        const second = await loadText(first.yaml());
        expect(second.experiment).toEqual(first.experiment);
        expect(first.experiment.losses[0]?.['weight']).toEqual({ type: 'constant', value: number });
      }),
      { numRuns: 40 },
    );
  });

  it('takes a name from the file', async () => {
    expect((await loadText(valid.replace('name: toy\n', ''), [], undefined, 'My VAE_2d.yaml')).experiment.name).toBe('my-vae-2d');
    expect(nameFromFile('configs/seed/vae-20d.yaml')).toBe('vae-20d');
    expect(nameFromFile('.yaml')).toBe('experiment');
  });

  it('keeps keys that begin with x- for anchors, and merges', async () => {
    const text = valid
      .replace('name: toy', 'name: toy\nx-net: &net { type: mlp, hidden: [7], activation: tanh }')
      .replace('encoder: { type: mlp, hidden: [50, 20] }', 'encoder:\n    <<: *net\n    hidden: [9]\n  decoder: *net');
    const { experiment, origins } = await loadText(text);
    expect(experiment.model['encoder']).toMatchObject({ type: 'mlp', hidden: [9], activation: 'tanh', scale: 'softplus' });
    expect(experiment.model['decoder']).toMatchObject({ type: 'mlp', hidden: [7], activation: 'tanh' });
    expect(originOf(origins, ['model', 'encoder', 'activation'])).toMatchObject({
      value: { line: 2, col: 51 },
      alias: { line: 8, col: 9 },
    });
    expect(originOf(origins, ['model', 'encoder', 'hidden'])).toMatchObject({ value: { line: 9 }, alias: null });
    expect(originOf(origins, ['model', 'decoder', 'hidden', 0])).toMatchObject({ value: { line: 2 }, alias: { line: 10 } });
  });

  it('lets earlier merges win over later ones', async () => {
    const text = valid
      .replace('name: toy', 'name: toy\nx-a: &a { type: mlp, hidden: [7] }\nx-b: &b { <<: *a, hidden: [8], activation: elu }')
      .replace('encoder: { type: mlp, hidden: [50, 20] }', 'encoder: { <<: [*a, *b] }');
    expect((await loadText(text)).experiment.model['encoder']).toMatchObject({ type: 'mlp', hidden: [7], activation: 'elu' });
  });

  it('locates faults that come to light later', async () => {
    const { toError } = await loadText(valid, ['model.latent=3']);
    const facts = { component: { kind: 'model', name: 'vae' }, message: 'does not fit', help: 'Change it.' } as const;
    const place = (path: readonly (string | number)[]) => toError([{ code: 'misfit', path, at: 'value', facts }]).faults[0]?.place;
    expect(place(['model', 'latent'])).toEqual({ kind: 'argument', argument: '--set model.latent=3' });
    expect(place(['model', 'decoder', 'hidden', 0])).toMatchObject({ kind: 'file', span: { line: 4, col: 3 } });
    expect(place(['losses', 1, 'weight'])).toMatchObject({ kind: 'file', span: { line: 9, col: 30 } });
  });
});

describe('overrides', () => {
  it('set values parsed as YAML, in lists, in bare names, and where nothing was', async () => {
    const overrides = [
      'losses[0].weight=0.5',
      'data.count=7',
      'training.clipping.norm=1',
      'model.encoder.hidden=[1, 2]',
      'training.optimizer.beta1=0.5',
      'engine=cpu',
      'engine.threads=2',
    ];
    const { experiment, origins } = await loadText(valid, overrides);
    expect(experiment.losses[0]).toMatchObject({ type: 'reconstruction', weight: { value: 0.5 } });
    expect(experiment.data).toEqual({ type: 'points', count: 7, transforms: [] });
    expect(experiment.training.clipping).toEqual({ norm: 1, value: null });
    expect(experiment.training.optimizer).toMatchObject({ type: 'adam', beta1: 0.5 });
    expect(experiment.model['encoder']).toMatchObject({ hidden: [1, 2] });
    expect(experiment.engine).toEqual({ type: 'cpu', threads: 2 });
    expect(originOf(origins, ['model', 'encoder', 'hidden', 0])).toEqual({
      kind: 'override',
      argument: '--set model.encoder.hidden=[1, 2]',
    });
    expect(originOf(origins, ['model', 'encoder', 'type'])).toMatchObject({ kind: 'file' });
    expect(originOf(origins, ['training', 'optimizer', 'learningRate'])).toMatchObject({ kind: 'default', component: { name: 'adam' } });
  });

  it('cannot reach what objects inherit', async () => {
    expect((await errorOf(valid, ['__proto__.polluted=1'])).code).toBe('unknown-key');
    expect((await errorOf(valid, ['constructor.prototype.polluted=1'])).code).toBe('unknown-key');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('one edit in a key', () => {
  const keys = [...valid.matchAll(/[{,\s-]([a-zA-Z]+):/g), ...valid.matchAll(/^([a-z]+):/g)].map((match) => ({
    at: match.index + match[0].indexOf(match[1] ?? ''),
    key: match[1] ?? '',
  }));
  const lineOf = (at: number): number => valid.slice(0, at).split('\n').length;
  const edits = fc.record({
    place: fc.constantFrom(...keys),
    kind: fc.constantFrom('insert', 'delete', 'replace'),
    position: fc.nat({ max: 20 }),
    letter: fc.constantFrom(...Array.from('abcdefghijklmnopqrstuvwxyzABCDEFG_-0')),
  });

  it('is never accepted silently, and its line is named', async () => {
    expect(keys.length).toBeGreaterThan(15);
    await fc.assert(
      fc.asyncProperty(edits, async ({ place: { at, key }, kind, position, letter }) => {
        const i = position % key.length;
        const edited = key.slice(0, i) + (kind === 'delete' ? '' : letter) + key.slice(kind === 'insert' ? i : i + 1);
        fc.pre(edited !== key && !edited.startsWith('x-') && /^[a-zA-Z0-9_]/.test(edited));
        const error = await errorOf(valid.slice(0, at) + edited + valid.slice(at + key.length));
        const lines = error.faults.map(({ place }) => (place.kind === 'file' ? (place.span?.line ?? 0) : 0));
        expect(lines).toContain(lineOf(at));
      }),
      { numRuns: 150 },
    );
  });
});

it('imports no engine', async () => {
  const files = ['load', 'build', 'checks', 'convert', 'experiment', 'origins', 'overrides', 'read'].map(
    (name) => `src/runner/config/${name}.ts`,
  );
  for (const file of [...files, 'src/cli/commands/check.ts', 'src/cli/commands/components.ts'])
    expect(await readFile(file, 'utf8')).not.toMatch(/onnxruntime|engine\//);
});
