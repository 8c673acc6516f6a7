/**
 * Annealed bounds on log p(x) against the truth of a linear Gaussian model x = W z + s e, which is N(0, W W' + s^2 I). W has one column of
 * length L, so that log p(x) needs no matrix: along the column the variance is L^2 + s^2, elsewhere s^2.
 */
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { temperatures } from '../../../src/components/shared/annealing.js';
import { standardNormalLogProb } from '../../../src/components/shared/gaussian.js';
import { transition, type Target } from '../../../src/components/shared/hamiltonian.js';
import { createEngine, type EngineName } from '../../../src/engine/index.js';
import type { Data, Examples, Forward, Observation, PriorDistribution } from '../../../src/registry/contracts/index.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { Evaluator } from '../../../src/runner/train/evaluate.js';
import { measureUnrolled } from '../../../src/runner/train/repeat.js';
import { buildComponent } from '../../support/build.js';
import { createSeededNoise, createTestOffers, createTestScope, dataFacts, useCpuBackend, valuesOf } from '../../support/pass.js';

useCpuBackend();
// Engines make their own backend the current one.
beforeEach(async () => {
  await tf.setBackend('cpu');
});

const [dims, deviation] = [9, 0.3];
/** Of length 1.5. */
const loading = Array.from({ length: dims }, () => 0.5);
const length = 1.5;

const streams = createRandomStreams(5);
const values = (name: string, size: number): Float32Array => {
  const out = new Float32Array(size);
  streams.draws(name, 0).normal(out);
  return out;
};

const numExamples = 64;
const codes = values('codes', numExamples);
const examples = values('noise', numExamples * dims).map((each, i) => deviation * each + 0.5 * (codes[Math.floor(i / dims)] ?? 0));

/** log N(x; 0, W W' + s^2 I) of each row. */
const exact = (rows: Float32Array): readonly number[] =>
  Array.from({ length: rows.length / dims }, (_, row) => {
    const x = rows.subarray(row * dims, (row + 1) * dims);
    const along = x.reduce((sum, value, i) => sum + value * (loading[i] ?? 0), 0) / length;
    const rest = x.reduce((sum, value) => sum + value * value, 0) - along ** 2;
    const variance = length ** 2 + deviation ** 2;
    const logDeterminant = Math.log(variance) + (dims - 1) * Math.log(deviation ** 2);
    return -0.5 * (dims * Math.log(2 * Math.PI) + logDeterminant + along ** 2 / variance + rest / deviation ** 2);
  });

const mean = (all: readonly number[]): number => all.reduce((sum, each) => sum + each, 0) / all.length;

const split: Examples = {
  count: numExamples,
  read: (indices, _, x) => {
    for (const [i, index] of indices.entries()) x.set(examples.subarray(index * dims, (index + 1) * dims), i * dims);
  },
};
const none: Examples = { count: 0, read: () => undefined };
const data: Data = {
  ...dataFacts([dims], 'real'),
  description: 'points of a linear Gaussian model',
  splits: { train: none, validation: none, test: split },
  hashes: {},
};

const decode = (z: tf.Tensor): Observation => {
  const at = tf.mul(z, tf.tensor1d(loading));
  return {
    mean: at,
    logProb: (x) => tf.sub(standardNormalLogProb(tf.div(tf.sub(x, at), deviation)), dims * Math.log(deviation)),
    sample: (noise) => tf.add(at, tf.mul(noise.normal('likelihood', at.shape), deviation)),
  };
};
const priorOf = (name: string): PriorDistribution => buildComponent('prior', name).build(createTestScope(), 1);

const forward: Forward = ({ x }) => createTestOffers({ ...(x === undefined ? {} : { x }), prior: priorOf('standard-normal'), decode });

interface Measured {
  readonly figures: Readonly<Record<string, number>>;
  /** Rows of the first batch, which here is the only one. */
  readonly rows: Readonly<Record<string, Float32Array>>;
}

const measure = async (
  entry: Readonly<Record<string, unknown>>,
  engine: EngineName = 'onnx',
  batchSize = numExamples,
): Promise<Measured> => {
  const metric = buildComponent('metric', entry);
  let rows: Readonly<Record<string, Float32Array>> = {};
  const reducer: typeof metric.reducer = (...given) => {
    const inner = metric.reducer(...given);
    return {
      ...inner,
      add: (its, count) => {
        rows = Object.fromEntries(Object.entries(its).map(([name, each]) => [name, each.slice()]));
        inner.add(its, count);
      },
    };
  };
  const opened = await createEngine(engine);
  const evaluator = await Evaluator.create({
    engine: opened,
    data,
    forward,
    metrics: [{ name: String(entry['type']), columns: metric.columns(1), everyEpochs: null, metric: { ...metric, reducer } }],
    latent: 1,
    random: createRandomStreams(11),
    batchSize,
    withLabels: false,
  });
  const found = await evaluator.measure('test');
  await opened.dispose();
  return { figures: Object.fromEntries(Object.entries(found).map(([name, value]) => [name, value ?? NaN])), rows };
};

describe('temperatures', () => {
  it.each(['sigmoid', 'linear'] as const)('rise from 0 to 1, the same from either end (%s)', (schedule) => {
    const betas = temperatures({ distributions: 9, schedule });
    expect(betas).toHaveLength(10);
    expect(betas[0]).toBe(0);
    expect(betas.at(-1)).toBe(1);
    betas.slice(1).forEach((beta, i) => expect(beta).toBeGreaterThan(betas[i] ?? NaN));
    betas.forEach((beta, i) => expect(beta + (betas[9 - i] ?? NaN)).toBeCloseTo(1, 12));
  });

  it('are those of the sigmoid from -4 to 4, by hand', () => {
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
    const [, quarter] = temperatures({ distributions: 4, schedule: 'sigmoid' });
    expect(quarter).toBeCloseTo((sigmoid(-2) - sigmoid(-4)) / (sigmoid(4) - sigmoid(-4)), 12);
  });
});

describe('a Hamiltonian transition', () => {
  /** N(0, 1) as prior and likelihood: f is N(0, 1 / (1 + beta)) unnormalised. */
  const target = (beta: number): Target => ({
    logPrior: standardNormalLogProb,
    logLikelihood: standardNormalLogProb,
    beta: tf.scalar(beta),
  });
  const startOf = (scale: number): tf.Tensor => tf.mul(tf.tensor(values('start', 4000), [1000, 4, 1]), scale);

  it('leaves the target as it is, whatever the size of its steps', () => {
    for (const step of [0.3, 1.3]) {
      const { z } = transition(target(1), startOf(Math.SQRT1_2), tf.fill([4], step), 3, createSeededNoise());
      const moved = valuesOf(z);
      expect(mean(moved)).toBeCloseTo(0, 1);
      // The deviation of a mean of 4,000 squares is 0.011.
      expect(Math.abs(mean(moved.map((each) => each ** 2)) - 0.5)).toBeLessThan(0.04);
    }
  });

  it('is nearly always accepted with small steps, and one leapfrog step of a Gaussian is as worked by hand', () => {
    const z = tf.tensor([0.7], [1, 1, 1]);
    const noise = { normal: () => tf.tensor([-0.4], [1, 1, 1]), uniform: () => tf.tensor([0], [1, 1, 1]) };
    const { z: moved, acceptance, logLikelihood } = transition(target(1), z, tf.tensor1d([0.2]), 1, noise);
    // grad = -2 z: r = -0.4 - 0.1 * 1.4 = -0.54, z = 0.7 - 0.108 = 0.592, r = -0.54 - 0.1 * 1.184 = -0.6584.
    expect(valuesOf(moved)[0]).toBeCloseTo(0.592, 6);
    const energy = (at: number, r: number): number => at * at + 0.5 * r * r;
    expect(valuesOf(acceptance)[0]).toBeCloseTo(Math.min(1, Math.exp(energy(0.7, -0.4) - energy(0.592, -0.6584))), 6);
    expect(valuesOf(logLikelihood)[0]).toBeCloseTo(-0.5 * 0.49 - 0.5 * Math.log(2 * Math.PI), 6);
  });

  it('stays where it is where its steps run away', () => {
    const start = startOf(1);
    const { z, acceptance } = transition(target(1), start, tf.tensor1d([1e3, 1e10, 1e20, 1e30]), 5, createSeededNoise());
    expect(valuesOf(z)).toEqual(valuesOf(start));
    expect(new Set(valuesOf(acceptance))).toEqual(new Set([0]));
  });
});

describe('annealed importance sampling', () => {
  it('is prior Monte Carlo with codes of its own where there is one temperature', () => {
    const metric = buildComponent('metric', { type: 'annealed-importance', distributions: 1, chains: 3 });
    const x = tf.tensor(examples, [numExamples, dims]);
    const offers = createTestOffers({ x, prior: priorOf('standard-normal'), decode });
    const state = measureUnrolled(metric, offers, createSeededNoise(), 1);
    const start = metric.measure(offers, createSeededNoise())['codes'];
    const weights = valuesOf(decode(start ?? tf.zeros([3, numExamples, 1])).logProb(x));
    valuesOf(state['estimate'] ?? tf.zeros([1])).forEach((estimate, i) => {
      const its = [0, 1, 2].map((chain) => weights[chain * numExamples + i] ?? NaN);
      const top = Math.max(...its);
      expect(estimate).toBeCloseTo(top + Math.log(mean(its.map((weight) => Math.exp(weight - top)))), 3);
    });
    expect(mean(valuesOf(state['estimate'] ?? tf.zeros([1])))).toBeLessThan(mean(exact(examples)) - 1);
  });

  it('comes from below to log p(x) of the very examples, with two thirds of proposals accepted', async () => {
    const truth = exact(examples);
    const errors: number[] = [];
    for (const distributions of [5, 50, 500]) {
      const { figures, rows } = await measure({ type: 'annealed-importance', distributions, chains: 8, leapfrogSteps: 5 });
      errors.push(mean([...(rows['estimate'] ?? [])].map((estimate, i) => estimate - (truth[i] ?? NaN))));
      expect(figures['annealed-importance']).toBeCloseTo(mean(truth) + (errors.at(-1) ?? NaN), 4);
      if (distributions === 500) expect(Math.abs((figures['annealed-importance.acceptance'] ?? NaN) - 0.65)).toBeLessThan(0.05);
    }
    const [few = NaN, more = NaN, many = NaN] = errors;
    expect(few).toBeLessThan(-0.2);
    expect(more).toBeGreaterThan(few);
    expect(Math.abs(many)).toBeLessThan(0.02);
  });

  it('gives the same on every engine, in batches of any size, and looks at so many examples alone', async () => {
    const entry = { type: 'annealed-importance', distributions: 6, chains: 2, leapfrogSteps: 2, images: 10 };
    const { figures } = await measure(entry);
    for (const [engine, batchSize] of [['cpu', numExamples] as const, ['onnx', 4] as const, ['onnx', 2] as const])
      for (const [name, value] of Object.entries((await measure(entry, engine, batchSize)).figures))
        expect(value).toBeCloseTo(figures[name] ?? NaN, 3);
    expect((await measure({ ...entry, images: 11 })).figures['annealed-importance']).not.toBe(figures['annealed-importance']);
  });

  it('is as likely with chunks of chains', async () => {
    const entry = { type: 'annealed-importance', distributions: 300, chains: 4, leapfrogSteps: 3 };
    const { figures } = await measure({ ...entry, chunk: 3 });
    expect(Math.abs((figures['annealed-importance'] ?? NaN) - mean(exact(examples)))).toBeLessThan(0.05);
  });

  it('refuses codes that are classes', () => {
    const metric = buildComponent('metric', 'annealed-importance');
    const prior = buildComponent('prior', { type: 'categorical', classes: 2 }).build(createTestScope(), 2);
    expect(() => metric.measure(createTestOffers({ x: tf.zeros([2, dims]), prior, decode }), createSeededNoise())).toThrow('one-hot');
  });
});

describe('bidirectional Monte Carlo', () => {
  it('holds log p(x) of simulated examples between its bounds, which close with more temperatures', async () => {
    const gaps: number[] = [];
    for (const distributions of [5, 40, 400]) {
      const { figures, rows } = await measure({ type: 'bidirectional-monte-carlo', distributions, chains: 4, leapfrogSteps: 5 });
      const truth = exact(rows['simulated'] ?? new Float32Array());
      expect(truth).toHaveLength(numExamples);
      const [below, above] = ['lower', 'upper'].map((name) => mean([...(rows[name] ?? [])].map((bound, i) => bound - (truth[i] ?? NaN))));
      if (distributions === 400) {
        expect(Math.abs(below ?? NaN)).toBeLessThan(0.03);
        expect(Math.abs(above ?? NaN)).toBeLessThan(0.03);
      } else {
        expect(below).toBeLessThan(0);
        expect(above).toBeGreaterThan(0);
      }
      const gap = figures['bidirectional-monte-carlo.gap'] ?? NaN;
      expect(gap).toBeCloseTo((above ?? NaN) - (below ?? NaN), 3);
      gaps.push(gap);
    }
    gaps.slice(1).forEach((gap, i) => expect(gap).toBeLessThan(gaps[i] ?? NaN));
  });
});
