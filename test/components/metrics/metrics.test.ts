/** What the metrics measure and fold, on a bound whose terms are known. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPosterior } from '../../../src/components/shared/gaussian.js';
import type { Data, Examples, Metric, Offers } from '../../../src/registry/contracts/index.js';
import { buildComponent } from '../../support/build.js';
import { createFixedNoise, createPass, createTestOffers, createTestScope, dataFacts, useCpuBackend, valuesOf } from '../../support/pass.js';

useCpuBackend();

const noExamples: Examples = { count: 0, read: () => undefined };
const data: Data = {
  ...dataFacts([2, 1]),
  description: 'None.',
  splits: { train: noExamples, validation: noExamples, test: noExamples },
  hashes: {},
};

/** Two samples of three examples with two values and two latents; posteriors N(mean, 1). */
const offersOf = (means: readonly (readonly number[])[]): Offers => {
  const posterior = createPosterior(tf.tensor2d(means.map((mean) => [...mean, 0, 0])), 'exp');
  const prior = buildComponent('prior', 'standard-normal').build(createTestScope(), 2);
  const z = posterior.sample(createFixedNoise({ posterior: new Array<number>(4 * means.length).fill(0) }), 2);
  const logits = tf.add(tf.zeros([2, means.length, 2, 1]), tf.tensor([0, Math.log(3)], [2, 1, 1, 1]));
  const likelihood = buildComponent('likelihood', 'bernoulli').build(createTestScope(), data)(logits);
  const kl = prior.kl?.(posterior);
  return createTestOffers({ x: tf.ones([means.length, 2, 1]), posterior, prior, z, likelihood, ...(kl === undefined ? {} : { kl }) });
};
const means = [
  [0, 0],
  [2, 0],
  [0, 4],
];
/** Per example: both values seen have probability 1/2 in the first sample and 3/4 in the second. */
const reconstruction = (2 * Math.log(1 / 2) + 2 * Math.log(3 / 4)) / 2;

/** These metrics draw nothing. */
const noNoise = createFixedNoise({});

/** Measures batches and folds them, the last `padding` rows of each left out. */
const fold = (metric: Metric, batches: readonly Offers[], padding = 0): readonly number[] => {
  const reducer = metric.reducer(2, data);
  for (const offers of batches) {
    const rows = Object.fromEntries(
      Object.entries(metric.measure(offers, noNoise)).map(([name, tensor]) => [name, Float32Array.from(valuesOf(tensor))]),
    );
    reducer.add(rows, offers.posterior.mean.shape[0] - padding);
  }
  return reducer.result();
};

const expected: readonly (readonly [string, unknown, readonly string[], readonly number[]])[] = [
  ['elbo', 'elbo', ['elbo'], [reconstruction - 10 / 3]],
  ['reconstruction', 'reconstruction', ['reconstruction'], [reconstruction]],
  ['kl', 'kl', ['kl'], [10 / 3]],
  ['kl-per-dimension', 'kl-per-dimension', ['kl-per-dimension.1', 'kl-per-dimension.2'], [2 / 3, 8 / 3]],
  ['active-units', 'active-units', ['active-units'], [2]],
  ['active-units above a threshold', { type: 'active-units', threshold: 1 }, ['active-units'], [1]],
  ['bits-per-dimension', 'bits-per-dimension', ['bits-per-dimension'], [-(reconstruction - 10 / 3) / (2 * Math.LN2)]],
  [
    'bits-per-dimension of bytes',
    { type: 'bits-per-dimension', divisor: 256 },
    ['bits-per-dimension'],
    [8 - (reconstruction - 10 / 3) / (2 * Math.LN2)],
  ],
];

describe.each(expected)('%s', (_, entry, names, values) => {
  const metric = buildComponent('metric', entry);

  it('is as worked by hand, one number per column', () => {
    expect(metric.columns(2).map(({ name }) => name)).toEqual(names);
    fold(metric, [offersOf(means)]).forEach((value, i) => expect(value).toBeCloseTo(values[i]!, 5));
  });

  it('measures by example: [B, ...], in batches of one too', () => {
    for (const tensor of Object.values(metric.measure(offersOf(means), noNoise))) expect(tensor.shape[0]).toBe(3);
    fold(
      metric,
      means.map((mean) => offersOf([mean])),
    ).forEach((value, i) => expect(value).toBeCloseTo(values[i]!, 5));
  });

  it('ignores the padding of a batch', () => {
    fold(metric, [offersOf([...means, [50, -50]])], 1).forEach((value, i) => expect(value).toBeCloseTo(values[i]!, 5));
  });
});

describe('the bound by Monte Carlo', () => {
  it('is taken at the samples', () => {
    // The noise is zero, so log q - log p is |mean|^2 / 2: here the same as in closed form.
    for (const type of ['elbo', 'kl', 'bits-per-dimension']) {
      const metric = buildComponent('metric', { type, klEstimator: 'monte-carlo' });
      expect(metric.needs).not.toContain('kl');
      expect(fold(metric, [offersOf(means)])[0]).toBeCloseTo(fold(buildComponent('metric', type), [offersOf(means)])[0]!, 5);
    }
  });
});

describe('metrics together', () => {
  it('agree: ELBO = reconstruction - KL, and KL is the sum of its dimensions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.float({ min: -3, max: 3, noNaN: true }), fc.float({ min: -3, max: 3, noNaN: true })), {
          minLength: 1,
          maxLength: 6,
        }),
        (rows) => {
          const [elbo, first, kl, perDimension] = ['elbo', 'reconstruction', 'kl', 'kl-per-dimension'].map((type) =>
            fold(buildComponent('metric', type), [offersOf(rows)]),
          );
          expect(elbo![0]).toBeCloseTo(first![0]! - kl![0]!, 4);
          expect(kl![0]).toBeCloseTo(
            perDimension!.reduce((sum, value) => sum + value, 0),
            4,
          );
        },
      ),
    );
  });

  it('need only what a VAE offers, and read no more', () => {
    const { offers, build } = buildComponent('model', { type: 'vae', latent: 2, encoder: 'linear', decoder: 'linear' });
    const forward = build(createTestScope(), data);
    for (const type of ['elbo', 'reconstruction', 'kl', 'kl-per-dimension', 'active-units', 'bits-per-dimension']) {
      const metric = buildComponent('metric', type);
      for (const need of metric.needs) expect(offers, type).toContain(need);
      const all = forward({ x: tf.ones([3, 2, 1]) }, createPass());
      const given = createTestOffers(Object.fromEntries(metric.needs.map((need) => [need, all[need]])));
      for (const values of Object.values(metric.measure(given, noNoise))) expect(values.shape[0], type).toBe(3);
    }
  });
});
