import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kolmogorovSmirnov } from '../../runner/random/statistics.js';
import { buildComponent } from '../../support/build.js';
import { expectGradient } from '../../support/finite-differences.js';
import { createFixedNoise, createSeededNoise, createTestScope, dataFacts, useCpuBackend, valueOf, valuesOf } from '../../support/pass.js';

useCpuBackend();

const observe = (logits: tf.Tensor) =>
  buildComponent('likelihood', 'continuous-bernoulli').build(createTestScope(), dataFacts([1], 'unit-interval'))(logits);

/** log p(x) for each logit, from the formula in float64. */
const exactLogProb = (x: number, l: number): number =>
  l === 0 ? 0 : x * l - Math.max(l, 0) - Math.log(-Math.expm1(-Math.abs(l)) / Math.abs(l));
const exactMean = (l: number): number => {
  if (Math.abs(l) > 0.01) return -1 / Math.expm1(-l) - 1 / l;
  return 0.5 + l / 12 - l ** 3 / 720;
};

/** Around zero, around where series and formulas meet, and far away. */
const logits = [0, 1e-6, -1e-3, 0.019, -0.021, 0.5, 0.999, -0.999, 1, 1.001, -1.001, 3, -10, 40, -200, 1000];

describe('the continuous Bernoulli likelihood', () => {
  it('is the uniform density where the logit is zero', () => {
    const observation = observe(tf.zeros([1, 1]));
    expect(valueOf(observation.logProb(tf.tensor2d([[0.3]])))).toBe(0);
    expect(valueOf(observation.mean)).toBe(0.5);
  });

  it('is by hand at a logit of ln 3: ln(3^x ln 3 / 2)', () => {
    const observation = observe(tf.tensor2d([[Math.log(3)]]));
    expect(valueOf(observation.logProb(tf.tensor2d([[0.25]])))).toBeCloseTo(0.25 * Math.log(3) + Math.log(Math.log(3) / 2), 5);
    // lambda = 3/4: lambda / (2 lambda - 1) + 1 / (2 artanh(1 - 2 lambda)).
    expect(valueOf(observation.mean)).toBeCloseTo(1.5 + 1 / (2 * Math.atanh(-0.5)), 6);
  });

  it('follows the formula on both sides of its series', () => {
    const column = tf.tensor2d(logits, [logits.length, 1]);
    const logProbs = valuesOf(observe(column).logProb(tf.tensor2d([[0.3]])));
    const means = valuesOf(observe(column).mean);
    logits.forEach((l, i) => {
      expect(Math.abs(logProbs[i]! - exactLogProb(0.3, l)), `log p at ${String(l)}`).toBeLessThan(1e-6 * (1 + Math.abs(l)));
      expect(means[i], `mean at ${String(l)}`).toBeCloseTo(exactMean(l), 6);
    });
  });

  it('integrates to one', () => {
    fc.assert(
      fc.property(fc.float({ min: -20, max: 20, noNaN: true }), (l) => {
        const n = 4000;
        const midpoints = tf.tensor2d(
          Array.from({ length: n }, (_, i) => (i + 0.5) / n),
          [n, 1],
        );
        expect(valueOf(tf.mean(tf.exp(observe(tf.tensor2d([[l]])).logProb(midpoints))))).toBeCloseTo(1, 4);
      }),
      { numRuns: 20 },
    );
  });

  it('has the gradient x - mean, and a finite one at zero, at the seams and far away', () => {
    const gradient = tf.grad((l) => tf.sum(observe(l).logProb(tf.tensor2d([[0.3]]))))(tf.tensor2d(logits, [logits.length, 1]));
    valuesOf(gradient).forEach((value, i) => expect(value, `at ${String(logits[i])}`).toBeCloseTo(0.3 - exactMean(logits[i]!), 5));
    expectGradient((l) => tf.sum(observe(tf.reshape(l, [4, 1])).logProb(tf.tensor2d([[0.3]]))), [0, 0.6, -1.7, 4]);
  });

  it('has a mean with finite gradients', () => {
    const gradient = valuesOf(tf.grad((l) => tf.sum(observe(l).mean))(tf.tensor2d(logits, [logits.length, 1])));
    expect(gradient.every(Number.isFinite)).toBe(true);
    expect(gradient[0]).toBeCloseTo(1 / 12, 6);
    expectGradient((l) => tf.sum(observe(tf.reshape(l, [4, 1])).mean), [0, 0.6, -1.7, 4]);
  });

  it.each([-30, -3, -0.02, -0.01, 0, 0.01, 0.5, 3, 30])('draws from its own distribution at a logit of %d', (l) => {
    const draws = observe(tf.fill([5000, 1], l)).sample(createSeededNoise(7));
    const cdf = (x: number): number => (l === 0 ? x : Math.expm1(l * x) / Math.expm1(l));
    expect(kolmogorovSmirnov(Float32Array.from(valuesOf(draws)), cdf)).toBeLessThan(2.2);
  });

  it('draws between 0 and 1 for the least and largest uniform numbers', () => {
    for (const l of logits) {
      const draws = valuesOf(observe(tf.tensor2d([[l], [l]])).sample(createFixedNoise({ likelihood: [0, 1 - 2 ** -24] })));
      for (const draw of draws) expect(draw >= 0 && draw <= 1, `at ${String(l)}: ${String(draw)}`).toBe(true);
    }
  });
});
