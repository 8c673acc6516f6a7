/** Experiments of several files: what is merged, what is replaced, and where a fault is told. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { ConfigError } from '../../../src/registry/errors.js';
import { Registry } from '../../../src/registry/registry.js';
import { loadExperiment, type LoadedExperiment } from '../../../src/runner/config/load.js';
import type { Arguments } from '../../../src/runner/config/overrides.js';
import { scheduleModule } from '../../plugins/support.js';
import { toyComponents } from '../../registry/toy-components.js';
import { valid } from './load-text.js';

type Files = Readonly<Record<string, string>>;

/** Loads `main.yaml` of these files; places in errors are relative to their folder. */
const load = async (files: Files, given: Arguments = {}): Promise<LoadedExperiment> => {
  const folder = await mkdtemp(join(tmpdir(), 'latentlab-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    const overlays = (given.overlays ?? []).map((overlay) => overlay.replace(/(^|=)(?=[^=]*$)/, (equals) => `${equals}${folder}/`));
    return await loadExperiment(join(folder, 'main.yaml'), { registry: new Registry(toyComponents), ...given, overlays });
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** Faults as `code file:line:col`, or `code argument`. */
const faultsOf = async (files: Files, given: Arguments = {}): Promise<readonly string[]> => {
  try {
    await load(files, given);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ fault, place }) => {
      if (place.kind === 'argument') return `${fault.code} ${place.argument.replaceAll(/\S*latentlab-\w+\//g, '')}`;
      const file = place.file.replace(/^.*latentlab-\w+\//, '');
      return place.span === null ? `${fault.code} ${file}` : `${fault.code} ${file}:${String(place.span.line)}:${String(place.span.col)}`;
    });
  }
  return [];
};

const messageOf = async (files: Files, given: Arguments = {}): Promise<string> => {
  try {
    await load(files, given);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.replaceAll(/\S*latentlab-\w+\//g, '');
    throw error;
  }
  return '';
};

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('extends', () => {
  it('merges maps key by key, and replaces lists', async () => {
    const { experiment } = await load({
      'base.yaml': valid,
      'main.yaml': 'extends: base.yaml\nname: main\nmodel: { encoder: { activation: tanh } }\nplots: [samples]\n',
    });
    expect(experiment).toMatchObject({
      name: 'main',
      model: { type: 'vae', latent: 2, encoder: { type: 'mlp', hidden: [50, 20], activation: 'tanh' } },
      training: { epochs: 4 },
    });
    expect(experiment.plots.map(({ type }) => type)).toEqual(['samples']);
  });

  it('drops the params of a component whose type changes, and keeps them where it stays', async () => {
    const base = valid.replace('{ type: mlp, hidden: [50, 20] }', '{ type: mlp, hidden: [50, 20], scale: exp }');
    const encoderOf = async (entry: string): Promise<unknown> =>
      (await load({ 'base.yaml': base, 'main.yaml': `extends: base.yaml\nmodel: { encoder: ${entry} }\n` })).experiment.model['encoder'];
    expect(await encoderOf('linear')).toEqual({ type: 'linear' });
    expect(await encoderOf('{ type: linear }')).toEqual({ type: 'linear' });
    const kept = { type: 'mlp', hidden: [50, 20], scale: 'exp' };
    expect(await encoderOf('mlp')).toMatchObject(kept);
    expect(await encoderOf('{ type: mlp, activation: elu }')).toMatchObject({ ...kept, activation: 'elu' });
    expect(await encoderOf('{ activation: elu }')).toMatchObject({ ...kept, activation: 'elu' });
  });

  it('knows the type that a slot has by default, and that the type of the engine is none of a component', async () => {
    const base = `${valid}engine: { threads: 2 }\n`.replace('epochs: 4', 'epochs: 4\n  optimizer: { learningRate: 0.5 }');
    const rateOf = async (entry: string): Promise<unknown> =>
      (await load({ 'base.yaml': base, 'main.yaml': `extends: base.yaml\ntraining: { optimizer: ${entry} }\n` })).experiment.training
        .optimizer['learningRate'];
    expect(await rateOf('{ type: adam }')).toEqual({ type: 'constant', value: 0.5 });
    const { experiment } = await load({ 'base.yaml': base, 'main.yaml': 'extends: base.yaml\nengine: { type: cpu }\n' });
    expect(experiment.engine).toEqual({ type: 'cpu', threads: 2 });
  });

  it('takes a bare name of the base for the component that a map tells more of', async () => {
    const { experiment } = await load({
      'base.yaml': valid.replace('data: points', 'data: points\n'),
      'main.yaml': 'extends: base.yaml\ndata: { count: 7 }\n',
    });
    expect(experiment.data).toMatchObject({ type: 'points', count: 7 });
  });

  it('puts later files over earlier ones, and a file that two of them extend below both', async () => {
    const { experiment } = await load({
      'ground/base.yaml': valid,
      'wide.yaml': 'extends: ground/base.yaml\nmodel: { latent: 20 }\nseed: 1\n',
      'long.yaml': 'extends: ground/base.yaml\ntraining: { epochs: 40 }\nseed: 2\n',
      'main.yaml': 'extends: [wide.yaml, long.yaml]\n',
    });
    expect(experiment.model['latent']).toBe(20);
    expect(experiment.training.epochs).toBe(40);
    expect(experiment.seed).toBe(2);
  });

  it('takes paths as keys: into lists, to their end, and away', async () => {
    const { experiment } = await load({
      'base.yaml': valid,
      'main.yaml': [
        'extends: base.yaml',
        'losses[1].weight: 3',
        'plots[+]: { type: samples, name: more }',
        'plots[0]: ${unset}',
        'metrics[+]: { type: kl, name: nats }',
        'model.encoder.hidden: ${unset}',
        '',
      ].join('\n'),
    });
    expect(experiment.losses.map(({ weight }) => weight)).toEqual([
      { type: 'constant', value: 1 },
      { type: 'constant', value: 3 },
    ]);
    expect(experiment.plots.map(({ type, name }) => [type, name])).toEqual([
      ['samples', null],
      ['samples', 'more'],
    ]);
    expect(experiment.metrics.map(({ type }) => type)).toEqual(['elbo', 'kl']);
    expect(experiment.model['encoder']).toMatchObject({ type: 'mlp', hidden: [500] });
  });

  it('takes several entries from one list', async () => {
    const base = valid.replace(
      'metrics: [elbo]',
      'metrics: [{ type: elbo, name: a }, { type: elbo, name: b }, { type: elbo, name: c }, elbo]',
    );
    const { experiment } = await load({
      'base.yaml': base,
      'main.yaml': 'extends: base.yaml\nmetrics[0]: ${unset}\nmetrics[2]: ${unset}\n',
    });
    expect(experiment.metrics.map(({ name }) => name)).toEqual(['b', null]);
  });

  it('keeps parked anchors and merge keys of each file to itself', async () => {
    const { experiment } = await load({
      'base.yaml': `x-net: &net { hidden: [9] }\n${valid.replace('{ type: mlp, hidden: [50, 20] }', '{ type: mlp, <<: *net }')}`,
      'main.yaml': 'x-net: &net { hidden: [7] }\nextends: base.yaml\nmodel: { decoder: { type: mlp, <<: *net } }\n',
    });
    expect(experiment.model).toMatchObject({ encoder: { hidden: [9] }, decoder: { hidden: [7] } });
  });

  it('gives the same experiment as one file, and remembers what was replaced', async () => {
    const { experiment, overridden, yaml } = await load({
      'base.yaml': valid,
      'main.yaml': 'extends: base.yaml\nname: toy\ntraining: { epochs: 5 }\n',
    });
    const alone = await load({ 'main.yaml': valid.replace('epochs: 4', 'epochs: 5') });
    expect(experiment).toEqual(alone.experiment);
    expect(yaml()).toBe(alone.yaml());
    expect(overridden.get('/training/epochs')).toMatchObject([{ value: 4, origin: { kind: 'file', value: { line: 11, col: 11 } } }]);
  });

  it('does the same whatever a map of plain values is cut into', async () => {
    const values = fc.record({
      seed: fc.nat(1000),
      description: fc.stringMatching(/^[a-z ]{0,20}$/),
      training: fc.record({
        epochs: fc.integer({ min: 1, max: 9 }),
        batchSize: fc.integer({ min: 1, max: 9 }),
        clipping: fc.record({ norm: fc.integer({ min: 1, max: 9 }) }),
      }),
    });
    await fc.assert(
      fc.asyncProperty(values, values, async (lower, upper) => {
        const base = `${valid.replace(/training:\n.*\n/, '')}${stringify(lower)}`;
        const { experiment } = await load({ 'base.yaml': base, 'main.yaml': `extends: base.yaml\nname: toy\n${stringify(upper)}` });
        const alone = await load({ 'main.yaml': `${valid.replace(/training:\n.*\n/, '')}${stringify(upper)}` });
        expect(experiment).toEqual(alone.experiment);
      }),
      { numRuns: 25 },
    );
  });
});

describe('faults of several files', () => {
  it('are told where they were made, all at once', async () => {
    const files = {
      'base.yaml': valid.replace('latent: 2', 'latent: two').replace('hidden', 'hiden'),
      'main.yaml': 'extends: base.yaml\ntraining: { epochs: 0 }\nlosses[1].weight: { type: linear-warmup, epoch: 3 }\n',
    };
    expect(await faultsOf(files)).toEqual([
      'wrong-type base.yaml:5:11',
      'unknown-key base.yaml:6:25',
      'out-of-range main.yaml:2:21',
      'unknown-key main.yaml:3:42',
    ]);
    expect(await faultsOf(files, { overrides: ['model.latent=3', 'model.encoder=mlp', 'training.epochs=-1'] })).toEqual([
      'unknown-key main.yaml:3:42',
      'out-of-range --set training.epochs=-1',
    ]);
  });

  it('name who extends a file that is not there, in a circle, or no experiment', async () => {
    expect(await messageOf({ 'base.yaml': valid, 'main.yaml': 'extends: bsae.yaml\n' })).toContain('did you mean "base.yaml"?');
    expect(await faultsOf({ 'main.yaml': 'extends: [none/base.yaml, other.yaml]\n', 'other.yaml': valid })).toEqual([
      'missing-file main.yaml:1:11',
    ]);
    const circle = { 'main.yaml': 'extends: b.yaml\n', 'b.yaml': 'extends: c.yaml\n', 'c.yaml': 'x-a: 1\nextends: b.yaml\n' };
    expect((await faultsOf(circle))[0]).toBe('bad-extends c.yaml:2:10');
    expect(await messageOf(circle)).toMatch(/b\.yaml ->\s+c\.yaml -> b\.yaml/);
    expect((await faultsOf({ 'main.yaml': 'extends: base.yaml\n', 'base.yaml': '- 1\n' }))[0]).toBe('not-a-map base.yaml:1:1');
    expect((await faultsOf({ 'main.yaml': 'extends: base.yaml\n', 'base.yaml': 'a: [\n' }))[0]).toMatch(/^yaml-syntax base.yaml:/);
    expect((await faultsOf({ 'main.yaml': 'extends: 3\n' }))[0]).toBe('wrong-type main.yaml:1:10');
  });

  it('of a misspelt path as a key say what was meant', async () => {
    const message = await messageOf({ 'base.yaml': valid, 'main.yaml': 'extends: base.yaml\nmodel.latnet: 3\nlosses[4].weight: 2\n' });
    expect(message).toContain('main.yaml:2:1  model.latnet');
    expect(message).toContain('did you mean "latent"?');
    expect(message).toContain('losses ends with losses[1]');
  });
});

describe('references', () => {
  it('give values with their types, and words inside texts', async () => {
    const { experiment, yaml } = await load({
      'main.yaml': valid
        .replace('hidden: [50, 20]', 'hidden: ["${x-sizes.wide}", "${model.latent}"]')
        .replace('name: toy', () => 'description: "${name} of ${model.latent} on ${data.type}, $${kept}"\nx-sizes: { wide: 70 }'),
    });
    expect(experiment.model['encoder']).toMatchObject({ hidden: [70, 2] });
    expect(experiment.description).toBe('main of 2 on points, ${kept}');
    expect((await load({ 'main.yaml': yaml() })).experiment).toEqual(experiment);
  });

  it('see defaults, lists, maps, other references, and what arguments set', async () => {
    const { experiment } = await load(
      {
        'main.yaml': valid
          .replace('latent: 2', 'latent: 2\n  decoder: { type: mlp, hidden: "${model.encoder.hidden}" }')
          .replace('epochs: 4', 'epochs: ${training.batchSize}'),
      },
      { overrides: ['model.encoder.hidden=["${model.latent}"]', 'model.latent=6'] },
    );
    expect(experiment.training.epochs).toBe(128);
    expect(experiment.model).toMatchObject({ encoder: { hidden: [6] }, decoder: { hidden: [6] } });
  });

  it('read the environment, typed by the param', async () => {
    vi.stubEnv('TOY_EPOCHS', '12');
    vi.stubEnv('TOY_NOTE', '34');
    const { experiment } = await load({
      'main.yaml': valid
        .replace('epochs: 4', 'epochs: ${env:TOY_EPOCHS}\n  batchSize: ${env:TOY_NONE:-16}')
        .replace('name: toy', 'name: toy\ndescription: ${env:TOY_NOTE}'),
    });
    expect(experiment.training).toMatchObject({ epochs: 12, batchSize: 16 });
    expect(experiment.description).toBe('34');
  });

  it('are faulty at their place, and say where the value comes from', async () => {
    const files = { 'base.yaml': `${valid}x-many: ten\n`, 'main.yaml': 'extends: base.yaml\ntraining:\n  epochs: ${x-many}\n' };
    expect(await faultsOf(files)).toEqual(['wrong-type main.yaml:3:11']);
    expect(await messageOf(files)).toContain('It is ${x-many}, set at base.yaml:17:9.');
  });

  it('tell nothing new of a value that is wrong where it was set, and what only they ask of a sound one', async () => {
    const wrong =
      'extends: base.yaml\nmodel.latent: ten\nmodel.encoder.hidden: ["${model.latent}"]\ntraining.epochs: ${model.encoder.hidden[0]}\n';
    expect(await faultsOf({ 'main.yaml': wrong, 'base.yaml': valid })).toEqual(['wrong-type main.yaml:2:15']);
    const sound = 'extends: base.yaml\nx-name: ten\ntraining.epochs: ${x-name}\n';
    expect(await faultsOf({ 'main.yaml': sound, 'base.yaml': valid })).toEqual(['wrong-type main.yaml:3:18']);
  });

  it('need quotes inside of brackets, which is said', async () => {
    const text = valid.replace('{ type: mlp, hidden: [50, 20] }', '{ type: mlp, hidden: [${model.latent}] }');
    expect(await messageOf({ 'main.yaml': text })).toContain('inside [ ] and { } a reference needs quotes, as in "${model.latent}"');
  });

  it('never turn in a circle or grow without end', async () => {
    expect(
      await messageOf({
        'main.yaml': valid.replace('latent: 2', 'latent: ${training.epochs}').replace('epochs: 4', 'epochs: ${model.latent}'),
      }),
    ).toMatch(/leads back to itself: model.latent -> training.epochs ->\s+model.latent/);
    expect(await messageOf({ 'main.yaml': valid.replace('latent: 2', 'latent: ${model}') })).toContain('it stands inside model');
    const bomb = Array.from({ length: 30 }, (_, i) => `x-${String(i)}: ["\${x-${String(i + 1)}}", "\${x-${String(i + 1)}}"]`).join('\n');
    expect(await messageOf({ 'main.yaml': `${bomb}\nx-30: 1\n${valid.replace('latent: 2', 'latent: ${x-0}')}` })).toContain(
      'more than 20000 values',
    );
    const text = Array.from({ length: 40 }, (_, i) => `x-${String(i)}: "\${x-${String(i + 1)}}\${x-${String(i + 1)}}"`).join('\n');
    expect(await messageOf({ 'main.yaml': `${text}\nx-40: ab\n${valid.replace('latent: 2', 'latent: ${x-0}')}` })).toContain(
      'more than 100000 characters',
    );
  });
});

describe('arguments', () => {
  const files = {
    'main.yaml': valid,
    'decoder.yaml': 'type: mlp\nhidden: [3, 0]\n',
    'small.yaml': 'model: { latent: 1 }\nplots[0]: ${unset}\n',
  };

  it('set lists and texts as shells like to write them', async () => {
    const { experiment } = await load(files, {
      overrides: [
        'model.encoder.hidden=30,20',
        'plots=samples',
        'description=12',
        'metrics[+]={ type: kl, name: nats }',
        'losses[1].weight=0.5',
      ],
    });
    expect(experiment).toMatchObject({ model: { encoder: { hidden: [30, 20] } }, description: '12' });
    expect(experiment.plots.map(({ type }) => type)).toEqual(['samples']);
    expect(experiment.metrics.map(({ type }) => type)).toEqual(['elbo', 'kl']);
  });

  it('take values and whole layers from files, with the places of their faults', async () => {
    expect(await faultsOf(files, { overlays: ['model.decoder=decoder.yaml'] })).toEqual(['out-of-range decoder.yaml:2:13']);
    const { experiment } = await load(files, { overlays: ['small.yaml'], overrides: ['seed=3'] });
    expect(experiment).toMatchObject({ seed: 3, model: { latent: 1 } });
    expect(experiment.plots.map(({ type }) => type)).toEqual(['samples']);
    expect(await faultsOf(files, { overlays: ['none.yaml'] })).toEqual(['missing-file --set-file none.yaml']);
  });

  it('begin no list in the middle, and guess', async () => {
    const base = { 'main.yaml': valid.replace(/plots:[^]*/, '') };
    expect(await faultsOf(base, { overrides: ['plots[0].type=samples'] })).toEqual(['bad-override --set plots[0].type=samples']);
    expect(await messageOf(base, { removals: ['trainin.epochs'] })).toContain('nobody sets trainin.epochs; did you mean training.epochs?');
  });

  it('take away what is set, and say when nothing is', async () => {
    const { experiment } = await load(files, { removals: ['model.encoder.hidden', 'losses[1]'] });
    expect(experiment.model['encoder']).toMatchObject({ hidden: [500] });
    expect(experiment.losses.map(({ type }) => type)).toEqual(['reconstruction']);
    expect(await faultsOf(files, { removals: ['model.decoder'] })).toEqual(['bad-override --unset model.decoder']);
    expect(await messageOf(files, { removals: ['model.decoder'] })).toContain('nobody sets model.decoder');
  });
});

describe('plug-ins of several files', () => {
  it('lie beside the file that declares them', async () => {
    const { experiment, plugins } = await load({
      'shared/mine.mjs': scheduleModule('still'),
      'shared/base.yaml': `${valid}plugins: [./mine.mjs]\n`,
      'main.yaml': 'extends: shared/base.yaml\nlosses[1].weight: mine/still\n',
    });
    expect(experiment.plugins).toEqual(['./shared/mine.mjs']);
    expect(plugins.map(({ namespace }) => namespace)).toEqual(['mine']);
  });
});
