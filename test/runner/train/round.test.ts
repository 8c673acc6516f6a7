import { describe, expect, it } from 'vitest';
import { createEngine, type CompiledStep, type Engine, type InputSpecs } from '../../../src/engine/index.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { createBatchBuffers } from '../../../src/runner/train/batches.js';
import { planRound, type UpdateSpec } from '../../../src/runner/train/plan-round.js';
import { Round } from '../../../src/runner/train/round.js';
import { constantSchedule, countingDescent, numberData } from './parts.js';

const data = numberData({ train: 8, validation: 0, test: 0 });

const spec = (label: string, changes: Partial<UpdateSpec> = {}): UpdateSpec => ({
  ...{ label, parts: [{ player: label, names: [label] }], steps: 1, isFresh: true, accumulate: 1, clipping: { norm: null, value: null } },
  ...{ optimizer: countingDescent(constantSchedule(0.1)), weightClipping: null, weightDecay: 0, ema: null },
  ...changes,
});

interface Told {
  readonly round: Round;
  readonly calls: string[];
}

/** A round of these updates whose runs of the engine give `results`, and only say that they were called. */
const createRound = async (
  updates: readonly (readonly [UpdateSpec, numWeights: number])[],
  results: (name: string) => Readonly<Record<string, number>>,
): Promise<Told> => {
  const calls: string[] = [];
  const reference = await createEngine('cpu');
  const engine: Engine = {
    ...{ name: 'cpu', threads: null, version: '', write: () => undefined, dispose: () => Promise.resolve() },
    read: (variable) => reference.read(variable),
    variable: (...values) => reference.variable(...values),
    compile: <I extends InputSpecs>(name: string, inputs: I): Promise<CompiledStep<I>> => {
      calls.push(`compile ${name}: ${Object.keys(inputs).join(', ')}`);
      return Promise.resolve({
        run: (_: unknown, tick = NaN) => {
          calls.push(`run ${name} ${String(tick)}`);
          return Promise.resolve(Object.fromEntries(Object.entries(results(name)).map(([key, value]) => [key, Float32Array.of(value)])));
        },
        commit: () => calls.push(`commit ${name}`),
        describe: () => null,
        dispose: () => Promise.resolve(),
      });
    },
  };
  const specs = updates.map(([update]) => update);
  const round = await Round.create({
    ...{
      engine,
      data,
      random: createRandomStreams(1),
      plan: planRound(specs),
      batchSize: 2,
      withLabels: false,
      config: 'configs/toy.yaml',
    },
    updates: updates.map(([update, numWeights]) => ({ update, numWeights, take: () => ({}) })),
  });
  return { round, calls };
};

const buffers = (count: number): ReturnType<typeof createBatchBuffers>[] =>
  Array.from({ length: count }, () => createBatchBuffers(data, 2));

describe('planRound', () => {
  it('gives fresh steps batches of their own, and others the batch and the noise of the step before', () => {
    const { numBatches, steps } = planRound([
      spec('discriminator', { steps: 2 }),
      spec('generator', { isFresh: false, steps: 2 }),
      spec('encoder', { accumulate: 2 }),
    ]);
    expect(numBatches).toBe(4);
    expect(steps.map(({ update, batches, noise }) => [update.label, batches, noise])).toEqual([
      ['discriminator', [0], ['model/noise']],
      ['discriminator', [1], ['model/noise-1']],
      ['generator', [1], ['model/noise-1']],
      ['generator', [1], ['model/noise-1/again-1']],
      ['encoder', [2, 3], ['model/noise-2', 'model/noise-3']],
    ]);
  });
});

describe('Round', () => {
  it('puts small updates into one run, and ends a run behind a large one', async () => {
    const { calls } = await createRound(
      [
        [spec('discriminator', { steps: 2 }), 1000],
        [spec('generator', { isFresh: false }), 1_000_000],
        [spec('encoder'), 10],
      ],
      () => ({ loss: 1 }),
    );
    expect(calls).toEqual(['compile train 1 of 2: x, x-1', 'compile train 2 of 2: x-2']);
  });

  it('averages the figures of an update that steps several times, over all runs', async () => {
    const { round } = await createRound([[spec('discriminator', { steps: 2 }), 1_000_000]], (name) =>
      name === 'train 1 of 2' ? { 'loss#0': 1, other: 5 } : { 'loss#1': 4 },
    );
    expect(await round.run(buffers(2), 3)).toEqual({ loss: 2.5, other: 5 });
  });

  it.each([
    ['loss.kl', NaN, { loss: NaN, 'loss.kl#0': NaN }],
    ['loss', -Infinity, { loss: -Infinity, 'loss.kl': 1 }],
    // The term that broke the total is the one to be told.
    ['loss.kl', Infinity, { loss: Infinity, 'loss.kl': Infinity }],
  ])('does not keep a step whose %s is %d, and says which', async (term, value, losses) => {
    const { round, calls } = await createRound([[spec('all'), 1]], () => losses);
    await expect(round.run(buffers(1), 5)).rejects.toMatchObject({
      code: 'non-finite-loss',
      facts: { step: 6, term, value, config: 'configs/toy.yaml' },
    });
    expect(calls.at(-1)).toBe('run train 5');
  });

  it('confirms each run before the next begins', async () => {
    const { round, calls } = await createRound(
      [
        [spec('discriminator'), 1_000_000],
        [spec('generator', { isFresh: false }), 1_000_000],
      ],
      () => ({ loss: 1 }),
    );
    await round.run(buffers(1), 0);
    expect(calls.slice(2)).toEqual(['run train 1 of 2 0', 'commit train 1 of 2', 'run train 2 of 2 0', 'commit train 2 of 2']);
  });
});
