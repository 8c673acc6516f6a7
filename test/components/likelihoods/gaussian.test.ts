import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildComponent } from '../../support/build.js';
import { expectGradients } from '../../support/finite-differences.js';
import { createFixedNoise, createTestScope, dataFacts, useCpuBackend, valueOf, valuesOf, type TestScope } from '../../support/pass.js';

useCpuBackend();

const build = (params: object, shape: readonly number[], scope: TestScope = createTestScope()) =>
  buildComponent('likelihood', { type: 'gaussian', ...params }).build(scope, dataFacts(shape, 'real'));
const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

describe('the Gaussian likelihood', () => {
  it('has the density of a Gaussian with a fixed scale, by hand', () => {
    const observation = build({ scale: 0.5 }, [2])(tf.tensor2d([[1, 2]]));
    // Standardised distances 2 and -1.
    expect(valueOf(observation.logProb(tf.tensor2d([[2, 1.5]])))).toBeCloseTo(-2 - 0.5 - 2 * (Math.log(0.5) + halfLogTwoPi), 5);
    expect(valuesOf(observation.mean)).toEqual([1, 2]);
  });

  it('starts with a shared scale of 1 above the floor', () => {
    const scope = createTestScope();
    const observation = build({ floor: 0.25 }, [1], scope)(tf.zeros([1, 1]));
    expect([...scope.variables.keys()]).toEqual(['scale']);
    expect(valueOf(observation.sample(createFixedNoise({ likelihood: [1] })))).toBeCloseTo(1.25, 5);
  });

  it('takes a scale for each value from the second half of the last axis', () => {
    const likelihood = buildComponent('likelihood', { type: 'gaussian', scale: 'per-value', floor: 0.001 });
    expect(likelihood.paramsPerValue).toBe(2);
    const observation = likelihood.build(createTestScope(), dataFacts([2, 1]))(tf.tensor([5, 0, 6, -1], [1, 2, 2]));
    expect(observation.mean.shape).toEqual([1, 2, 1]);
    const scales = [Math.LN2 + 0.001, Math.log1p(Math.exp(-1)) + 0.001];
    const expected = scales.reduce((sum, s) => sum - 0.5 / s ** 2 - Math.log(s) - halfLogTwoPi, 0);
    expect(valueOf(observation.logProb(tf.tensor([6, 5], [1, 2, 1])))).toBeCloseTo(expected, 4);
  });

  it.each([{ scale: 0.7 }, { scale: 'shared' }, { scale: 'per-value' }])('has the gradients of its values with %o', (params) => {
    const scope = createTestScope();
    const observe = build(params, [2], scope);
    const decoded = tf.variable(tf.tensor2d(params.scale === 'per-value' ? [[0.5, -1, 0.2, -0.4]] : [[0.5, -1]]));
    const x = tf.tensor2d([
      [0.1, 0.3],
      [-0.5, 1],
    ]);
    expectGradients(() => tf.mean(observe(decoded).logProb(x)), [decoded, ...scope.variables.values()]);
  });

  it('is largest at the scale that the data has', () => {
    const x = tf.tensor2d([[-2], [2], [-2], [2]]);
    const at = (scale: number): number => valueOf(tf.mean(build({ scale }, [1])(tf.zeros([1, 1])).logProb(x)));
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 10, noNaN: true }), (scale) => {
        expect(at(scale)).toBeLessThanOrEqual(at(2) + 1e-6);
      }),
    );
  });

  it('keeps its density finite where values are met exactly and the scale goes to zero', () => {
    const scope = createTestScope();
    const observe = build({ floor: 0.01 }, [1], scope);
    scope.set('scale', [-300]);
    expect(valueOf(observe(tf.zeros([1, 1])).logProb(tf.zeros([1, 1])))).toBeCloseTo(-Math.log(0.01) - halfLogTwoPi, 4);
  });

  it('draws mean + scale * noise', () => {
    const draws = build({ scale: 2 }, [2])(tf.tensor2d([[1, 10]])).sample(createFixedNoise({ likelihood: [1, -0.5] }));
    expect(valuesOf(draws)).toEqual([3, 9]);
  });
});
