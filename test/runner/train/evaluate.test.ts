import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createEngine, type EngineName } from '../../../src/engine/index.js';
import type { Forward, Noise, Offers, SplitName } from '../../../src/registry/contracts/index.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { Evaluator, type NamedMetric } from '../../../src/runner/train/evaluate.js';
import { createTestOffers } from '../../support/pass.js';
import { numberData } from './parts.js';

const [numSamples, latent] = [3, 2];

/** Offers the batch, and as z nothing but noise. */
const forward: Forward = ({ x }, { noise }) => {
  if (x === undefined) throw new Error('the evaluator gives examples');
  return createTestOffers({ x, z: noise.normal('posterior', [numSamples, x.shape[0], latent]) });
};

/** The mean of a value per example, and a place where the values of the last split are left in their order. */
const meanOf = (name: string, measure: (offers: Offers) => tf.Tensor): NamedMetric & { readonly seen: () => readonly number[] } => {
  const columns = [{ name, unit: '', title: name }];
  let last: number[] = [];
  return {
    name,
    columns,
    everyEpochs: null,
    seen: () => last,
    metric: {
      needs: ['x'],
      columns: () => columns,
      measure: (offers) => ({ values: measure(offers) }),
      reducer: () => {
        const values: number[] = [];
        last = values;
        return {
          add: (rows, count) => values.push(...[...(rows['values'] ?? [])].slice(0, count)),
          result: () => [values.reduce((sum, value) => sum + value, 0) / values.length],
        };
      },
    },
  };
};

const refuse = (): never => {
  throw new Error('codes are given');
};
const undrawn: Noise = { normal: refuse, uniform: refuse };

const example = meanOf('example', ({ x }) => tf.reshape(x, [-1]));
const noise = meanOf('noise', ({ z }) => tf.sum(z, [0, 2]));

const create = async (
  counts: Readonly<Record<SplitName, number>>,
  batchSize: number,
  engine: EngineName = 'cpu',
  metrics: readonly NamedMetric[] = [example, noise],
): Promise<Evaluator> =>
  Evaluator.create({
    engine: await createEngine(engine),
    data: numberData(counts),
    forward,
    metrics,
    latent,
    random: createRandomStreams(5),
    batchSize,
    withLabels: false,
  });

describe('Evaluator', () => {
  it('counts each example of a split once, whatever fills up the last batch', async () => {
    const evaluator = await create({ train: 10, validation: 7, test: 3 }, 4);
    expect(await evaluator.measure('validation')).toMatchObject({ example: 103 });
    expect(example.seen()).toEqual([100, 101, 102, 103, 104, 105, 106]);
    expect(await evaluator.measure('test')).toMatchObject({ example: 201 });
    expect(example.seen()).toEqual([200, 201, 202]);
  });

  it('measures training on as many examples as there are for validation, always the same ones', async () => {
    const evaluator = await create({ train: 50, validation: 7, test: 0 }, 4);
    await evaluator.measure('train');
    const chosen = example.seen();
    expect(new Set(chosen).size).toBe(7);
    expect(chosen.every((value) => value < 50)).toBe(true);
    expect(chosen).toEqual([...chosen].sort((a, b) => a - b));
    await evaluator.measure('train');
    expect(example.seen()).toEqual(chosen);
  });

  it('takes all of a training split that is no larger than the others, or has none to be compared with', async () => {
    for (const validation of [7, 0]) {
      const evaluator = await create({ train: 5, validation, test: 0 }, 4);
      expect(await evaluator.measure('train')).toMatchObject({ example: 2 });
    }
  });

  it('gives metrics of samples the codes that are drawn for it, and says where one asks for more than there are', async () => {
    const samples = (count: number): NamedMetric & { readonly seen: () => readonly number[] } => {
      const own = meanOf('samples', ({ sampleLatent }) => tf.sum(sampleLatent(undrawn, count), 1));
      return { ...own, metric: { ...own.metric, needs: ['sampleLatent'] } };
    };
    const parts = async (metric: NamedMetric) => ({
      ...{ engine: await createEngine('cpu'), data: numberData({ train: 9, validation: 6, test: 0 }), forward, metrics: [example, metric] },
      ...{ latent, random: createRandomStreams(5), batchSize: 4, withLabels: false },
      drawCodes: (count: number) => Promise.resolve(Float32Array.from({ length: latent * count }, (_, at) => Math.floor(at / latent))),
    });
    const own = samples(4);
    await (await Evaluator.create(await parts(own))).measure('validation');
    expect(own.seen()).toEqual([0, 2, 4, 6, 8, 10]);
    const greedy = await Evaluator.create(await parts(samples(5)));
    await expect(greedy.measure('validation')).rejects.toThrow('asks for 5 codes, and the sampler draws 4 for each batch');
  });

  it('has empty cells for a split without examples', async () => {
    const evaluator = await create({ train: 5, validation: 0, test: 0 }, 4);
    expect(await evaluator.measure('validation')).toEqual({ example: null, noise: null });
  });

  it('measures what has a rhythm of its own when it is due, and at the end, and changes nothing of the others', async () => {
    const counts = { train: 9, validation: 9, test: 0 };
    const rare = await create(counts, 4, 'cpu', [example, { ...noise, everyEpochs: 3 }]);
    const all = await (await create(counts, 4)).measure('train');
    for (const [epoch, isLast, isDue] of [
      [0, false, false],
      [1, false, false],
      [3, false, true],
      [4, true, true],
    ] as const)
      expect(await rare.measure('train', { epoch, isLast })).toEqual(isDue ? all : { ...all, noise: null });
    expect(await rare.measure('train')).toEqual(all);
  });

  it('gives training and validation the same noise, at each measurement', async () => {
    const evaluator = await create({ train: 9, validation: 9, test: 0 }, 4);
    await evaluator.measure('train');
    const first = noise.seen();
    expect(new Set(first).size).toBe(9);
    await evaluator.measure('validation');
    expect(noise.seen()).toEqual(first);
  });

  it.each(['cpu', 'onnx'] as const)('gives the same figures on %s, whatever the size of its batches', async (engine) => {
    // 2 and 3 are also the number of latents and of samples.
    const figures: unknown[] = [];
    for (const batchSize of [1, 2, 3, 4, 9, 20]) {
      const evaluator = await create({ train: 9, validation: 9, test: 0 }, batchSize, engine);
      await evaluator.measure('validation');
      figures.push(noise.seen().map((value) => value.toFixed(5)));
      await evaluator.dispose();
    }
    for (const figure of figures) expect(figure).toEqual(figures[0]);
  });

  it.each(['cpu', 'onnx'] as const)('repeats a step over what a metric measured, with other draws in each run (%s)', async (engine) => {
    const columns = ['power', 'draws', 'spread'].map((name) => ({ name, unit: '', title: name }));
    /** x 2^0 3^1 3^2 by numbers of the host, and all draws so far. */
    const chain: NamedMetric = {
      name: 'chain',
      columns,
      everyEpochs: null,
      metric: {
        needs: ['x'],
        columns: () => columns,
        examples: 5,
        measure: ({ x }) => ({ power: tf.reshape(x, [-1]), draws: tf.zeros([1, x.shape[0]]), unread: tf.ones([3]) }),
        repetitions: [
          {
            runs: 3,
            now: (run) => ({ factor: run === 0 ? 1 : 3 }),
            step: ({ x }, { power, draws }, { factor }, draw) => {
              if (!power || !draws || !factor) throw new Error('the state is not there');
              const next = draw.normal('step', [1, x.shape[0], 1]);
              return { power: tf.mul(power, factor), draws: tf.add(draws, tf.squeeze(next, [2])), last: tf.squeeze(next, [0, 2]) };
            },
          },
          { runs: 1, now: () => ({}), step: (_, { last, draws }) => ({ spread: tf.sub(tf.reshape(draws ?? 0, [-1]), last ?? 0) }) },
        ],
        reducer: () => {
          const sums = { power: 0, draws: 0, spread: 0 };
          return {
            add: (rows, count) => {
              for (const name of ['power', 'draws', 'spread'] as const)
                for (const value of [...(rows[name] ?? [])].slice(0, count)) sums[name] += value;
            },
            result: () => [sums.power, sums.draws, sums.spread],
          };
        },
      },
    };
    const found = await (await create({ train: 9, validation: 0, test: 0 }, 4, engine, [example, chain])).measure('train');
    expect(found).toMatchObject({ example: 4, power: 9 * (0 + 1 + 2 + 3 + 4) });
    // Three draws of each of five examples are in one, and two in the other.
    expect(found['spread']).not.toBe(0);
    expect(Math.abs((found['draws'] ?? 0) - (found['spread'] ?? 0))).toBeGreaterThan(1e-3);
    const inOne = await (await create({ train: 9, validation: 0, test: 0 }, 9, engine, [chain])).measure('train');
    expect(inOne['draws']).toBeCloseTo(found['draws'] ?? NaN, 4);
  });
});
