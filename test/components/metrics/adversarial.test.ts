/** Metrics of the game between two players, on logits and critics that are known. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import accuracy from '../../../src/components/metrics/accuracy.js';
import auxiliaryAccuracy from '../../../src/components/metrics/auxiliary-accuracy.js';
import discriminatorAccuracy from '../../../src/components/metrics/discriminator-accuracy.js';
import ganValue from '../../../src/components/metrics/gan-value.js';
import lipschitz from '../../../src/components/metrics/lipschitz.js';
import modes from '../../../src/components/metrics/modes.js';
import sampleClasses from '../../../src/components/metrics/sample-classes.js';
import type { Critique, Data, Examples, Facts, Metric, Offers } from '../../../src/registry/contracts/index.js';
import { createFixedNoise, createTestOffers, dataFacts, useCpuBackend, valuesOf } from '../../support/pass.js';

useCpuBackend();

const noExamples: Examples = { count: 0, read: () => undefined };
const data: Data = {
  ...dataFacts([2], 'real'),
  mixture: {
    means: [
      [0, 0],
      [4, 0],
    ],
    deviation: 0.5,
  },
  description: 'None.',
  splits: { train: noExamples, validation: noExamples, test: noExamples },
  hashes: {},
};

const critiqueOf = (logits: tf.Tensor): Critique => ({ logits, features: tf.zeros([logits.shape[0], 1]) });
const logitsOf = (real: readonly number[], fake: readonly number[]): Partial<Offers> => ({
  'discriminator.real': critiqueOf(tf.tensor1d([...real])),
  'discriminator.fake': critiqueOf(tf.tensor1d([...fake])),
});

/** One number per column, over the first `count` examples of a batch; a metric reads no more than it needs. */
const measure = (metric: Metric, given: Partial<Offers>, count: number, noise = createFixedNoise({}), of = data): readonly number[] => {
  const needed = Object.fromEntries(metric.needs.map((need) => [need, given[need]]));
  const reducer = metric.reducer(2, of);
  const rows = Object.entries(metric.measure(createTestOffers(needed), noise));
  reducer.add(Object.fromEntries(rows.map(([name, tensor]) => [name, Float32Array.from(valuesOf(tensor))])), count);
  const values = reducer.result();
  expect(values).toHaveLength(metric.columns(2).length);
  return values;
};

describe('gan-value', () => {
  const metric = ganValue.build({});

  it('is -2 ln 2 where the discriminator can tell nothing', () => {
    expect(measure(metric, logitsOf([0, 0, 0], [0, 0, 0]), 3)[0]).toBeCloseTo(-2 * Math.LN2, 6);
  });

  it('is E log D(x) + E log(1 - D(fake)), without the padding', () => {
    const logit = (p: number): number => Math.log(p / (1 - p));
    const given = logitsOf([logit(0.9), logit(0.5), 50], [logit(0.2), logit(0.75), 50]);
    const expected = (Math.log(0.9) + Math.log(0.5) + Math.log(0.8) + Math.log(0.25)) / 2;
    expect(measure(metric, given, 2)[0]).toBeCloseTo(expected, 5);
  });

  it('stays finite and exact for logits whose probabilities round to 0 and 1', () => {
    expect(measure(metric, logitsOf([200, -200], [-200, 300]), 2)[0]).toBeCloseTo(-250, 3);
  });

  it('is never above 0', () => {
    const logit = fc.float({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(logit, logit, (real, fake) => measure(metric, logitsOf([real], [fake]), 1)[0]! <= 0),
      { numRuns: 50 },
    );
  });
});

describe('discriminator-accuracy', () => {
  const metric = discriminatorAccuracy.build({});

  it('counts real examples above and fakes below a logit of 0, and 0 itself as half', () => {
    expect(measure(metric, logitsOf([1, 2, -1, 9, 7], [-1, 3, 0, 2, -7]), 4)).toEqual([0.75, 0.375]);
    expect(measure(metric, logitsOf([0], [0]), 1)).toEqual([0.5, 0.5]);
  });
});

describe('lipschitz', () => {
  /** A critic whose slope at x is |x|: D = |x|^2 / 2. */
  const bowl = (): Partial<Offers> => ({
    real: tf.tensor2d([
      [3, 4],
      [0, 0],
      [9, 9],
    ]),
    fake: tf.tensor2d([
      [3, 4],
      [6, 8],
      [9, 9],
    ]),
    discriminate: (x) => critiqueOf(tf.mul(tf.sum(tf.square(x), 1), 0.5)),
  });

  it('is the norm of the gradient half way, on average and at most', () => {
    const values = measure(lipschitz.build({ mix: 0.5 }), bowl(), 2);
    expect(values[0]).toBeCloseTo(5, 5);
    expect(values[1]).toBeCloseTo(5, 5);
  });

  it.each([
    [1, 2.5, 5],
    [0, 7.5, 10],
  ])('is taken at the end for a mix of %d', (mix, mean, largest) => {
    const values = measure(lipschitz.build({ mix }), bowl(), 2);
    expect(values[0]).toBeCloseTo(mean, 5);
    expect(values[1]).toBeCloseTo(largest, 5);
  });

  it('is the length of a linear critic’s weights, for images too', () => {
    const weights = tf.tensor([1, -2, 2, 4], [1, 2, 2, 1]);
    const given: Partial<Offers> = {
      real: tf.ones([3, 2, 2, 1]),
      fake: tf.zeros([3, 2, 2, 1]),
      discriminate: (x) => critiqueOf(tf.sum(tf.mul(x, weights), [1, 2, 3])),
    };
    for (const value of measure(lipschitz.build({ mix: 0.5 }), given, 3)) expect(value).toBeCloseTo(5, 5);
  });

  it('agrees with finite differences', () => {
    const discriminate = (x: tf.Tensor): Critique => critiqueOf(tf.sum(tf.tanh(tf.mul(x, tf.tensor1d([1, -0.5]))), 1));
    const at = (x: readonly number[]): number => valuesOf(discriminate(tf.tensor2d([[...x]])).logits)[0]!;
    const [x, y, step] = [0.3, -0.8, 1e-2];
    const slope = Math.hypot(at([x + step, y]) - at([x - step, y]), at([x, y + step]) - at([x, y - step])) / (2 * step);
    const given = { real: tf.tensor2d([[x, y]]), fake: tf.tensor2d([[x, y]]), discriminate };
    expect(measure(lipschitz.build({ mix: 0.5 }), given, 1)[0]).toBeCloseTo(slope, 3);
  });
});

describe('modes', () => {
  const metric = modes.build({});
  const facts: Facts = { data, counts: null, latent: 2, offers: [], players: [], metricColumns: [], trainingColumns: [] };

  it('counts what is generated against the data’s mixture', () => {
    const samples = [0, 1, 0.5, 0, 3, 0, 0, 1.6, 9, 9];
    const given: Partial<Offers> = {
      x: tf.zeros([5, 2]),
      sampleLatent: (noise, count) => noise.normal('latent', [count, 2]),
      generate: (z) => tf.add(z, 1),
      // What an adversarial autoencoder's game is about: codes, which are no samples.
      fake: tf.zeros([5, 1]),
    };
    const latent = samples.map((value) => value - 1);
    const [covered, highQuality, kl] = measure(metric, given, 4, createFixedNoise({ latent }));
    expect([covered, highQuality]).toEqual([2, 0.75]);
    expect(kl).toBeCloseTo(0.75 * Math.log(1.5) + 0.25 * Math.log(0.5), 10);
  });

  it('refuses data that is not known to be a mixture', () => {
    expect(metric.check?.(facts)).toBeNull();
    expect(metric.check?.({ ...facts, data: null })).toBeNull();
    expect(metric.check?.({ ...facts, data: dataFacts([2]) })).toMatchObject({
      param: null,
      help: expect.stringContaining('gaussian-ring') as string,
    });
  });
});

describe('accuracy of classifiers', () => {
  const labelsOf = (): tf.Tensor => tf.tensor1d([0, 2, 1, 1], 'int32');
  const logitsOfClasses = (): tf.Tensor =>
    tf.tensor2d([
      [3, 1, 2],
      [0, 1, 2],
      [5, 1, 0],
      [0, 0, 0],
    ]);

  it('is the share of examples whose largest logit is the label’s', () => {
    expect(measure(accuracy.build({}), { 'class.logits': logitsOfClasses(), labels: labelsOf() }, 3)[0]).toBeCloseTo(2 / 3, 6);
    // Of equal logits the first counts.
    expect(measure(accuracy.build({}), { 'class.logits': logitsOfClasses(), labels: labelsOf() }, 4)[0]).toBe(0.5);
  });

  it('holds fakes against the classes that they were made for', () => {
    const fakeLabels = tf.tensor1d([0, 2, 0, 0], 'int32');
    const given = { 'classes.real': logitsOfClasses(), labels: labelsOf(), 'classes.fake': logitsOfClasses(), 'fake.labels': fakeLabels };
    expect(measure(auxiliaryAccuracy.build({}), given, 4)).toEqual([0.5, 1]);
  });
});

describe('sample-classes', () => {
  it('names samples that are drawn for it, as many as there are examples', () => {
    const given: Partial<Offers> = {
      x: tf.zeros([3, 2]),
      sampleLatent: (noise, count) => noise.normal('latent', [count, 1]),
      generate: (z) => tf.concat([z, tf.neg(z)], 1),
      // Logits z and -z: the first class with probability 1 / (1 + exp(-2 z)).
      classify: Object.assign((x: tf.Tensor) => x, { features: (x: tf.Tensor) => x }),
    };
    const [confidence, balance, rarest] = measure(sampleClasses.build({}), given, 3, createFixedNoise({ latent: [1, 2, -1] }), {
      ...data,
      numClasses: 2,
    });
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
    expect(confidence).toBeCloseTo((2 * sigmoid(2) + sigmoid(4)) / 3, 6);
    expect(rarest).toBeCloseTo(1 / 3, 10);
    expect(balance).toBeCloseTo(-Math.log2(1 / 3) / 3 - (2 * Math.log2(2 / 3)) / 3, 10);
  });
});
