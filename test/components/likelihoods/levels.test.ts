/** Likelihoods that are masses over even levels from 0 to 1: `categorical` and `discretized-logistic`. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildComponent } from '../../support/build.js';
import { expectGradients } from '../../support/finite-differences.js';
import { createFixedNoise, createTestScope, dataFacts, useCpuBackend, valueOf, valuesOf } from '../../support/pass.js';

useCpuBackend();

const build = (entry: object, shape: readonly number[], scope = createTestScope()) =>
  buildComponent('likelihood', entry).build(scope, dataFacts(shape, 'unit-interval'));
const levelsOf = (levels: number): readonly number[] => Array.from({ length: levels }, (_, level) => level / (levels - 1));

describe('the discretized logistic', () => {
  const sigmoid = (t: number): number => 1 / (1 + Math.exp(-t));

  it('has the mass of a logistic between midpoints, by hand', () => {
    // Levels 0, 1/2 and 1, mean 0.5 + 0.1, scale 1/2: edges at 1/4 and 3/4.
    const observation = build({ type: 'discretized-logistic', levels: 3, scale: 0.5 }, [1])(tf.tensor2d([[0.1], [0.1], [0.1]]));
    const [low, high] = [sigmoid((0.25 - 0.6) / 0.5), sigmoid((0.75 - 0.6) / 0.5)];
    const found = valuesOf(observation.logProb(tf.tensor2d([[0], [0.5], [1]])));
    [low, high - low, 1 - high].forEach((mass, i) => expect(found[i]).toBeCloseTo(Math.log(mass), 5));
  });

  it('sums up to one over 256 levels, whatever the mean and the scale, and has the mean that follows', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: 0.005, max: 2, noNaN: true }), (output, scale) => {
        const observation = build({ type: 'discretized-logistic', scale }, [1])(tf.fill([256, 1], output));
        const values = levelsOf(256);
        const masses = valuesOf(observation.logProb(tf.tensor2d([...values], [256, 1]))).map(Math.exp);
        expect(masses.reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 3);
        const mean = masses.reduce((sum, mass, i) => sum + mass * (values[i] ?? 0), 0);
        expect(Math.abs(valueOf(observation.mean) - mean)).toBeLessThan(1e-3);
      }),
      { numRuns: 50 },
    );
  });

  it('stays finite where the logistic is far away and narrow', () => {
    const observation = build({ type: 'discretized-logistic', scale: 0.001 }, [1])(tf.tensor2d([[30], [-30]]));
    const values = valuesOf(observation.logProb(tf.tensor2d([[0.5], [0.5]])));
    values.forEach((value) => expect(value).toBeLessThan(-1e4));
    expect(values.every(Number.isFinite)).toBe(true);
  });

  it('draws levels alone', () => {
    const observation = build({ type: 'discretized-logistic', levels: 5, scale: 0.2 }, [4])(tf.zeros([1, 4]));
    expect(valuesOf(observation.sample(createFixedNoise({ likelihood: [0, 0.5, 0.8, 0.999999] })))).toEqual([0, 0.5, 0.75, 1]);
  });

  it.each([{ scale: 0.3 }, { scale: 'shared' }, { scale: 'per-value' }])('has the gradients of its values with %o', (params) => {
    const scope = createTestScope();
    const observe = build({ type: 'discretized-logistic', levels: 9, ...params }, [2], scope);
    const decoded = tf.variable(tf.tensor2d(params.scale === 'per-value' ? [[0.3, -0.2, 0.2, -0.4]] : [[0.3, -0.2]]));
    const x = tf.tensor2d([
      [0, 0.25],
      [0.5, 1],
    ]);
    expectGradients(() => tf.mean(observe(decoded).logProb(x)), [decoded, ...scope.variables.values()]);
  });
});

describe('the categorical likelihood', () => {
  it('is the softmax of the logits of its level, by hand', () => {
    const likelihood = buildComponent('likelihood', { type: 'categorical', levels: 3 });
    expect(likelihood.paramsPerValue).toBe(3);
    const logits = [0, Math.log(2), Math.log(5)];
    const observation = build({ type: 'categorical', levels: 3 }, [2])(tf.tensor2d([[...logits, ...logits]]));
    expect(valueOf(observation.logProb(tf.tensor2d([[0.5, 1]])))).toBeCloseTo(Math.log(2 / 8) + Math.log(5 / 8), 5);
    // What lies between levels counts as the nearer one.
    expect(valueOf(observation.logProb(tf.tensor2d([[0.6, 0.9]])))).toBeCloseTo(Math.log(2 / 8) + Math.log(5 / 8), 5);
    valuesOf(observation.mean).forEach((mean) => expect(mean).toBeCloseTo((0.5 * 2 + 5) / 8, 5));
  });

  it('keeps the channels of an image apart, and any leading axes', () => {
    const scope = createTestScope();
    const params = tf.randomNormal([2, 3, 4, 4, 2 * 5]);
    const observation = build({ type: 'categorical', levels: 5 }, [4, 4, 2], scope)(params);
    expect(observation.mean.shape).toEqual([2, 3, 4, 4, 2]);
    expect(observation.logProb(tf.zeros([3, 4, 4, 2])).shape).toEqual([2, 3]);
  });

  it('has the mass of the Bernoulli likelihood where there are two levels', () => {
    const x = tf.tensor2d([[1, 0, 1]]);
    const bernoulli = buildComponent('likelihood', 'bernoulli').build(createTestScope(), dataFacts([3]));
    fc.assert(
      fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 3, maxLength: 3 }), (logits) => {
        const observation = build({ type: 'categorical', levels: 2 }, [3])(tf.tensor2d([logits.flatMap((logit) => [0, logit])]));
        expect(valueOf(observation.logProb(x))).toBeCloseTo(valueOf(bernoulli(tf.tensor2d([logits])).logProb(x)), 4);
      }),
    );
  });

  it('draws each level as often as its probability says', () => {
    const observation = build({ type: 'categorical', levels: 3 }, [1])(tf.tensor2d([[0, 0, 0]]));
    // By the Gumbel trick the largest draw wins where logits are equal.
    expect(valuesOf(observation.sample(createFixedNoise({ likelihood: [0.1, 0.9, 0] })))).toEqual([0.5]);
  });

  it('has the gradients of its values', () => {
    const decoded = tf.variable(tf.tensor2d([[0.3, -0.2, 0.5, 0.1, 0.7, -1]]));
    expectGradients(() => build({ type: 'categorical', levels: 3 }, [2])(decoded).logProb(tf.tensor2d([[0.5, 1]])), [decoded]);
  });
});
