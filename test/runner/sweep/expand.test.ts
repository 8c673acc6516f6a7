/** Which runs a sweep has: combinations, filters, what stands where, in which order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameOfRun } from '../../../src/runner/sweep/runs.js';
import { namesOf, runsOf, sweepFaults, visit } from './sweep-text.js';
import { startCpuClock } from '../../support/cpu-clock.js';

const yaml = (value: unknown): string => JSON.stringify(value);

describe('a grid', () => {
  it('combines all values of its axes, the last one fastest', async () => {
    expect(await namesOf('sweep: { grid: { model.latent: [2, 3], training.epochs: [1, 4] } }\n')).toEqual([
      'toy-latent-2-epochs-1',
      'toy-latent-2-epochs-4',
      'toy-latent-3-epochs-1',
      'toy-latent-3-epochs-4',
    ]);
  });

  it('puts values where their paths lead, and leaves all else as it is', async () => {
    const found = await runsOf('sweep: { grid: { model.latent: [3], "losses[1].weight.epochs": [7] } }\n', ({ experiment }) => experiment);
    expect(found).toMatchObject([
      { name: 'toy', model: { latent: 3, encoder: { hidden: [50, 20] } }, losses: [{}, { weight: { epochs: 7 } }] },
    ]);
  });

  it('swaps components by their names, and whole maps of them', async () => {
    const sweep = 'sweep:\n  grid:\n    model.encoder: [linear, mlp, { type: mlp, hidden: [3] }]\n';
    const found = await runsOf(sweep, ({ experiment, variant }) => [
      variant?.name,
      (experiment.model['encoder'] as { hidden?: unknown }).hidden,
    ]);
    expect(found).toEqual([
      ['toy-encoder-linear', undefined],
      ['toy-encoder-mlp', [500]],
      ['toy-encoder-mlp-hidden-3', [3]],
    ]);
  });

  it('has axes of other names, and values with names', async () => {
    const sweep = 'sweep:\n  grid:\n    net: { path: model.encoder, values: { none: linear, deep: { type: mlp, hidden: [9, 9, 9] } } }\n';
    expect(await runsOf(sweep, ({ variant }) => [variant?.name, variant?.axes])).toEqual([
      ['toy-net-none', { net: 'none' }],
      ['toy-net-deep', { net: 'deep' }],
    ]);
  });

  it('sets what is inside of another axis’s value after it, whatever their order', async () => {
    for (const axes of ['model.encoder.hidden: [[7]], model.encoder: [mlp]', 'model.encoder: [mlp], model.encoder.hidden: [[7]]'])
      expect(await runsOf(`sweep: { grid: { ${axes} } }\n`, ({ experiment }) => experiment.model['encoder'])).toMatchObject([
        { type: 'mlp', hidden: [7] },
      ]);
  });

  it('begins what the file does not have', async () => {
    expect(
      await runsOf('sweep: { grid: { training.optimizer.learningRate: [0.5] } }\n', ({ experiment }) => experiment.training.optimizer),
    ).toMatchObject([{ type: 'adam', learningRate: { value: 0.5 } }]);
  });
});

describe('a zip', () => {
  it('moves its axes together', async () => {
    expect(await namesOf('sweep: { zip: { model.latent: [2, 3], training.epochs: [1, 4] } }\n')).toEqual([
      'toy-latent-2-epochs-1',
      'toy-latent-3-epochs-4',
    ]);
  });
});

describe('a list', () => {
  it('has runs one by one, with names and without', async () => {
    const sweep =
      'sweep:\n  list:\n    - { name: usual }\n    - { name: Long one, training.epochs: 40, model.latent: 3 }\n    - { model.latent: 5 }\n';
    expect(await runsOf(sweep, ({ variant, experiment }) => [variant?.name, variant?.axes, experiment.training.epochs])).toEqual([
      ['toy-usual', { list: 'usual' }, 4],
      ['toy-long-one', { list: 'long-one' }, 40],
      ['toy-latent-5', { latent: '5' }, 4],
    ]);
  });
});

describe('seeds', () => {
  it('are counted from the seed of the file, or listed', async () => {
    const seedOf = async (text: string, overrides: readonly string[] = []): Promise<readonly number[]> =>
      runsOf(text, ({ experiment }) => experiment.seed, overrides);
    expect(await seedOf('seeds: 3\n')).toEqual([0, 1, 2]);
    expect(await seedOf('seed: 7\nseeds: 3\n')).toEqual([7, 8, 9]);
    expect(await seedOf('seeds: [5, 1]\n')).toEqual([5, 1]);
    expect(await seedOf('seeds: [5, 1]\n', ['seeds=2'])).toEqual([0, 1]);
  });

  it('are the innermost axis, and no axis of a variant', async () => {
    expect(await runsOf('seeds: 2\nsweep: { grid: { model.latent: [2, 3] } }\n', ({ variant }) => [variant?.name, variant?.axes])).toEqual([
      ['toy-latent-2-seed-0', { latent: '2' }],
      ['toy-latent-2-seed-1', { latent: '2' }],
      ['toy-latent-3-seed-0', { latent: '3' }],
      ['toy-latent-3-seed-1', { latent: '3' }],
    ]);
  });
});

describe('filters', () => {
  const grid = 'grid: { model.latent: [1, 2, 3], net: { path: model.encoder, values: { plain: linear, deep: mlp } } }';
  it.each([
    ['exclude: [{ model.latent: 2 }]', 4],
    ['exclude: [{ model.latent: [1, 2], net: deep }]', 4],
    ['exclude: [{ model.latent: 1 }, { net: linear }]', 2],
    ['exclude: [{ model.latent: { min: 2 } }]', 2],
    ['exclude: [{ model.latent: { min: 2, max: 2 }, net: deep }]', 5],
    ['include: [{ model.latent: 2 }, { net: deep }]', 4],
    ['include: [{ net: deep }], exclude: [{ model.latent: 3 }]', 2],
  ])('%s leaves %i of 6', async (filters, count) => {
    expect(await namesOf(`sweep: { ${grid}, ${filters} }\n`)).toHaveLength(count);
  });

  it('know lists as values, and paths of entries', async () => {
    const sweep = 'grid: { model.encoder.hidden: [[3], [4, 4]] }, list: [{ name: a, model.latent: 1 }, { name: b, model.latent: 2 }]';
    expect(await namesOf(`sweep: { ${sweep}, exclude: [{ model.encoder.hidden: [4, 4], list: b }] }\n`)).toEqual([
      'toy-hidden-3-a',
      'toy-hidden-3-b',
      'toy-hidden-4x4-a',
    ]);
  });

  it('leave what a filter of plain code leaves', async () => {
    const values = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(values, values, fc.nat(), fc.nat(), async (latents, epochs, i, j) => {
        const [latent, epoch] = [latents[i % latents.length], epochs[j % epochs.length]];
        const sweep = {
          grid: { 'model.latent': latents, 'training.epochs': epochs },
          exclude: [{ 'model.latent': latent, 'training.epochs': epoch }],
        };
        const { results, error } = await visit(`sweep: ${yaml(sweep)}\n`, ({ experiment }) => [
          experiment.model['latent'],
          experiment.training.epochs,
        ]);
        const expected = latents.flatMap((a) => epochs.map((b) => [a, b])).filter(([a, b]) => a !== latent || b !== epoch);
        expect(results).toEqual(expected.length === 0 ? [] : expected);
        expect(error === null).toBe(expected.length > 0);
      }),
      { numRuns: 25 },
    );
  });
});

describe('names of runs', () => {
  it('use as few words of a path as tell it apart', async () => {
    const sweep = 'sweep: { zip: { model.encoder.hidden: [[3]], model.decoder.hidden: [[4]], model.encoder.type: [mlp] } }\n';
    expect(await namesOf(sweep)).toEqual(['toy-encoder-hidden-3-decoder-hidden-4-encoder-mlp']);
  });

  it('are unique, short, and safe for every system, whatever the values are', async () => {
    const entry = fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.integer({ min: 1, max: 999 }), { maxLength: 12 }),
      fc.dictionary(fc.string(), fc.integer(), { maxKeys: 5 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(entry, { minLength: 1, maxLength: 6, selector: yaml }),
        fc.integer({ min: 1, max: 3 }),
        async (values, seeds) => {
          // What the values are is not looked at for names: most of these are no descriptions.
          const { total, error, results } = await visit(
            `seeds: ${String(seeds)}\nsweep: ${yaml({ grid: { 'data.count': values } })}\n`,
            nameOfRun,
          );
          const named = new Set([...results, ...(error?.faults ?? []).flatMap(({ runs }) => runs?.names ?? [])]);
          expect(total).toBe(values.length * seeds);
          for (const name of named) expect(name).toMatch(/^toy-count-[a-z0-9.-]{1,90}$/);
          expect(new Set([...named].map((name) => name.toLowerCase())).size).toBe(named.size);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('are cut where they would be long, and told apart by a hash', async () => {
    const sweep = { grid: { 'model.encoder.hidden': [Array.from({ length: 40 }, () => 123), Array.from({ length: 40 }, () => 124)] } };
    const names = await namesOf(`sweep: ${yaml(sweep)}\n`);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^toy-hidden-123x1[\dx]+-[0-9a-f]{6}$|^toy-hidden-124x1[\dx]+-[0-9a-f]{6}$/);
  });
});

it('is refused at once where it would fill the memory', async () => {
  const axes = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`model.a${String(i)}`, [1]]));
  const cpuMs = startCpuClock();
  expect(await sweepFaults(`seeds: 9000\nsweep: ${yaml({ grid: axes })}\n`)).toContain('bad-sweep 18:1');
  expect(
    await sweepFaults(`sweep: ${yaml({ grid: Object.fromEntries(Object.entries(axes).map(([path]) => [path, [1, 2]])) })}\n`),
  ).toContain('bad-sweep 17:1');
  expect(cpuMs()).toBeLessThan(10_000);
});

it('reads names that objects have by themselves as any other', async () => {
  const text = 'sweep: { grid: { constructor: { path: model.latent, values: { __proto__: 2, toString: 3 } } } }\n';
  expect(await namesOf(text)).toEqual(['toy-constructor-proto', 'toy-constructor-to-string']);
  expect(await sweepFaults('sweep: { grid: { __proto__: [1], model.__proto__.x: [2] } }\n')).toEqual([
    'unknown-key 17:18',
    'unknown-key 17:34',
  ]);
});

it('takes a sweep from --set', async () => {
  expect(await namesOf('', ['sweep.grid={model.latent: [2, 3]}', 'seeds=[1]'])).toEqual(['toy-latent-2-seed-1', 'toy-latent-3-seed-1']);
  expect(await namesOf('sweep: { grid: { lr: { path: model.latent, values: [1, 2] } } }\n', ['sweep.grid.lr.values=[9]'])).toEqual([
    'toy-lr-9',
  ]);
});

it('is no sweep where it says nothing', async () => {
  expect(await runsOf('sweep: null\nseeds: null\n', ({ variant }) => variant)).toEqual([null]);
  expect(await sweepFaults('sweep: {}\n')).toEqual(['bad-sweep 17:1']);
});

it('a value that is absent by choice is called none', async () => {
  expect(await namesOf('sweep: { grid: { training.clipping: [null, { norm: 1 }] } }\n')).toEqual([
    'toy-clipping-none',
    'toy-clipping-norm-1',
  ]);
});
