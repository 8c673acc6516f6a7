/**
 * Estimates of log p(x) against the truth, which a linear Gaussian model knows: x = W z + m + s e is N(m, W W' + s^2 I), and its posterior is
 * N(M^-1 W' (x - m), s^2 M^-1) with M = W' W + s^2 I (Tipping & Bishop 1999). The columns of W are orthogonal, so the posterior is diagonal.
 */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createPosterior, standardNormalLogProb } from '../../../src/components/shared/gaussian.js';
import type { Data, Examples, Noise, Observation, Offers } from '../../../src/registry/contracts/index.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { buildComponent } from '../../support/build.js';
import { createTestOffers, createTestScope, dataFacts, useCpuBackend, valuesOf } from '../../support/pass.js';

useCpuBackend();

const [dims, codes] = [6, 2];
const deviation = 0.5;
/** Orthogonal columns of length 2 and 1. */
const loadings = Array.from({ length: dims }, (_, i) => [i < 4 ? 1 : 0, i < 4 ? 0 : Math.SQRT1_2]);
const lengths = [4, 1];

const noExamples: Examples = { count: 0, read: () => undefined };
const data: Data = {
  ...dataFacts([dims]),
  description: 'None.',
  splits: { train: noExamples, validation: noExamples, test: noExamples },
  hashes: {},
};

const streams = createRandomStreams(3);
const noiseOf = (tick: number): Noise => ({
  normal: (name, shape) => {
    const out = new Float32Array(shape.reduce((size, dim) => size * dim, 1));
    streams.draws(name, tick).normal(out);
    return tf.tensor(out, [...shape]);
  },
  uniform: () => {
    throw new Error('no uniform draws here');
  },
});

const decode = (z: tf.Tensor): Observation => {
  const flat = tf.reshape(z, [-1, codes]);
  const mean = tf.reshape(tf.matMul(flat, tf.tensor2d(loadings), false, true), [...z.shape.slice(0, -1), dims]);
  return {
    mean,
    logProb: (x) => tf.sub(standardNormalLogProb(tf.div(tf.sub(x, mean), deviation)), dims * Math.log(deviation)),
    sample: () => mean,
  };
};

/** `count` examples of the model, and its offers with a posterior whose deviations are `factor` times the true ones. */
const modelOf = (count: number, factor: number, tick = 0): Offers => {
  const noise = noiseOf(tick);
  const z = noise.normal('z', [count, codes]);
  const x = tf.add(decode(z).mean, tf.mul(noise.normal('e', [count, dims]), deviation));
  const precision = lengths.map((length) => length + deviation ** 2);
  const mean = tf.div(tf.matMul(x as tf.Tensor2D, tf.tensor2d(loadings)), tf.tensor1d(precision));
  const logScale = tf.tile(tf.tensor2d([precision.map((each) => Math.log((factor * deviation) / Math.sqrt(each)))]), [count, 1]);
  const posterior = createPosterior(tf.concat([mean, logScale], 1), 'exp');
  const prior = buildComponent('prior', 'standard-normal').build(createTestScope(), codes);
  return createTestOffers({ x, posterior, prior, decode });
};

/** log N(x; 0, W W' + s^2 I) of each example: along each column of W, and in the rest. */
const exact = ({ x }: Offers): readonly number[] => {
  const unit = loadings.map((row) => row.map((value, k) => value / Math.sqrt(lengths[k] ?? 1)));
  const along = tf.matMul(x, tf.tensor2d(unit));
  const variances = lengths.map((length) => length + deviation ** 2);
  const rest = tf.sub(tf.sum(tf.square(x), 1), tf.sum(tf.square(along), 1));
  const quadratic = tf.add(tf.sum(tf.div(tf.square(along), tf.tensor1d(variances)), 1), tf.div(rest, deviation ** 2));
  const logDeterminant = variances.reduce((sum, variance) => sum + Math.log(variance), 0) + (dims - codes) * Math.log(deviation ** 2);
  return valuesOf(tf.mul(tf.add(quadratic, dims * Math.log(2 * Math.PI) + logDeterminant), -0.5));
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const measure = (
  entry: object,
  offers: Offers,
  tick = 100,
): { readonly rows: Readonly<Record<string, readonly number[]>>; readonly figures: readonly number[] } => {
  const metric = buildComponent('metric', entry);
  const rows = Object.fromEntries(Object.entries(metric.measure(offers, noiseOf(tick))).map(([name, tensor]) => [name, valuesOf(tensor)]));
  const reducer = metric.reducer(codes, data);
  const [first = []] = Object.values(rows);
  reducer.add(Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, Float32Array.from(row)])), first.length);
  return { rows, figures: reducer.result() };
};

describe('the importance-weighted bound', () => {
  it('is log p(x) itself, example by example, where the posterior is the true one: all weights are equal', () => {
    const offers = modelOf(5, 1);
    for (const samples of [1, 7]) {
      const { rows, figures } = measure({ type: 'importance-bound', samples, chunk: 3 }, offers);
      exact(offers).forEach((value, i) => expect(rows['bound']?.[i]).toBeCloseTo(value, 4));
      expect(figures[0]).toBeCloseTo(mean(exact(offers)), 4);
      expect(figures[2]).toBeCloseTo(0, 5);
    }
  });

  it('rises with the number of samples towards log p(x), and starts at the ELBO', () => {
    const offers = modelOf(400, 0.7);
    const truth = mean(exact(offers));
    const bounds = [1, 5, 50, 500].map((samples) => measure({ type: 'importance-bound', samples }, offers).figures[0] ?? NaN);
    bounds.slice(1).forEach((bound, i) => expect(bound).toBeGreaterThan(bounds[i] ?? NaN));
    // KL between Gaussians of one mean: per code 1/2 (f^2 - 1) - ln f.
    const kl = codes * (0.5 * (0.7 ** 2 - 1) - Math.log(0.7));
    expect(bounds[0]).toBeCloseTo(truth - kl, 1);
    expect(Math.abs((bounds[3] ?? NaN) - truth)).toBeLessThan(0.02);
    const [, , gap = NaN] = measure({ type: 'importance-bound', samples: 500 }, offers).figures;
    expect(gap).toBeCloseTo(kl, 1);
  });

  it('has the same value whatever the chunks are, but for the draws, and one example has no error', () => {
    const { figures } = measure({ type: 'importance-bound', samples: 4, chunk: 1 }, modelOf(1, 1));
    expect(figures[0]).toBeCloseTo(exact(modelOf(1, 1))[0] ?? NaN, 4);
    expect(figures[1]).toBeNaN();
  });
});

describe('prior Monte Carlo', () => {
  it('comes near log p(x) with many samples, from below on average', () => {
    const offers = modelOf(200, 1);
    const truth = mean(exact(offers));
    const [few = NaN] = measure({ type: 'prior-monte-carlo', samples: 10 }, offers).figures;
    const [many = NaN] = measure({ type: 'prior-monte-carlo', samples: 4000, chunk: 500 }, offers).figures;
    expect(few).toBeLessThan(truth - 1);
    expect(many).toBeLessThan(truth + 0.05);
    expect(many).toBeGreaterThan(truth - 0.2);
  });
});

describe('standard errors', () => {
  it('cover the expectation over examples as often as they promise', () => {
    // E log p(x) of the model's own examples is its negative entropy.
    const variances = [...lengths.map((length) => length + deviation ** 2), ...Array.from({ length: dims - codes }, () => deviation ** 2)];
    const expected = -0.5 * variances.reduce((sum, variance) => sum + Math.log(2 * Math.PI * variance) + 1, 0);
    const inside = Array.from({ length: 100 }, (_, i) => {
      const [value = NaN, error = NaN] = measure({ type: 'importance-bound', samples: 1 }, modelOf(100, 1, i + 1), i + 500).figures;
      return Math.abs(value - expected) <= 1.96 * error;
    }).filter(Boolean).length;
    // 95 of 100, within three deviations of a binomial count.
    expect(inside).toBeGreaterThanOrEqual(89);
    expect(inside).toBeLessThanOrEqual(100);
  });
});
