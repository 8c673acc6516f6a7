import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildComponent } from '../../support/build.js';
import { expectGradient } from '../../support/finite-differences.js';
import { createFixedNoise, createSeededNoise, createTestScope, dataFacts, useCpuBackend, valueOf, valuesOf } from '../../support/pass.js';

useCpuBackend();

const observe = (shape: readonly number[]) => buildComponent('likelihood', 'bernoulli').build(createTestScope(), dataFacts(shape));

describe('the Bernoulli likelihood', () => {
  it('takes one logit per value, and has no variables', () => {
    const likelihood = buildComponent('likelihood', 'bernoulli');
    const scope = createTestScope();
    likelihood.build(scope, dataFacts([2]));
    expect([likelihood.paramsPerValue, likelihood.supports, scope.variables.size]).toEqual([1, ['binary', 'unit-interval'], 0]);
  });

  it('is the log-probability of each value, added up', () => {
    // Probabilities 3/4 and 1/3: ln 3/4 + ln 2/3 = ln 1/2.
    const logits = tf.tensor2d([[Math.log(3), Math.log(0.5)]]);
    expect(valueOf(observe([2])(logits).logProb(tf.tensor2d([[1, 0]])))).toBeCloseTo(Math.log(0.5), 6);
    [0.75, 1 / 3].forEach((mean, i) => expect(valuesOf(observe([2])(logits).mean)[i]).toBeCloseTo(mean, 6));
  });

  it('has probabilities that add up to one', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 3, maxLength: 3 }), (logits) => {
        const all = tf.tensor2d(Array.from({ length: 8 }, (_, i) => [i & 1, (i >> 1) & 1, i >> 2]));
        const observation = observe([3])(tf.tensor2d([logits]));
        expect(valueOf(tf.sum(tf.exp(observation.logProb(all))))).toBeCloseTo(1, 5);
      }),
      { numRuns: 30 },
    );
  });

  it('has the gradient x - mean', () => {
    const x = tf.tensor2d([[1, 0, 0.3]]);
    const logits = tf.tensor2d([[0.4, -1, 2]]);
    const gradient = valuesOf(tf.grad((l) => tf.sum(observe([3])(l).logProb(x)))(logits));
    const expected = valuesOf(tf.sub(x, tf.sigmoid(logits)));
    gradient.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
    expectGradient((l) => tf.sum(observe([3])(tf.reshape(l, [1, 3])).logProb(x)), [0.4, -1, 2]);
  });

  it('stays exact where probabilities round to 0 and 1', () => {
    expect(valuesOf(observe([1])(tf.tensor2d([[-200], [200], [200]])).logProb(tf.tensor2d([[1], [1], [0]])))).toEqual([-200, 0, -200]);
  });

  it('sets examples against samples: leading axes broadcast', () => {
    const logits = tf.tensor(
      Array.from({ length: 12 }, (_, i) => i / 4 - 1),
      [3, 2, 2, 1],
    );
    const x = tf.tensor([1, 0, 0, 1], [2, 2, 1]);
    const together = observe([2, 1])(logits).logProb(x);
    expect(together.shape).toEqual([3, 2]);
    const second = observe([2, 1])(tf.slice(logits, [1, 0, 0, 0], [1, 2, 2, 1])).logProb(x);
    expect(valuesOf(second)).toEqual(valuesOf(together).slice(2, 4));
  });

  it('draws zeros and ones as often as it should', () => {
    const logit = Math.log(0.3 / 0.7);
    const draws = observe([1000])(tf.fill([10, 1000], logit)).sample(createSeededNoise());
    expect(new Set(valuesOf(draws))).toEqual(new Set([0, 1]));
    expect(Math.abs(valueOf(tf.mean(draws)) - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / 10_000));
  });

  it('never draws what has no probability', () => {
    const noise = createFixedNoise({ likelihood: [0, 1 - 2 ** -24] });
    expect(valuesOf(observe([2])(tf.tensor2d([[-200, 200]])).sample(noise))).toEqual([0, 1]);
  });
});
