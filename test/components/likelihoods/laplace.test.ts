import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildComponent } from '../../support/build.js';
import { expectGradients } from '../../support/finite-differences.js';
import { createFixedNoise, createTestScope, dataFacts, useCpuBackend, valueOf, valuesOf } from '../../support/pass.js';

useCpuBackend();

const build = (params: object, shape: readonly number[], scope = createTestScope()) =>
  buildComponent('likelihood', { type: 'laplace', ...params }).build(scope, dataFacts(shape, 'real'));

describe('the Laplace likelihood', () => {
  it('has the density of a Laplace distribution, by hand', () => {
    const observation = build({ scale: 0.5 }, [2])(tf.tensor2d([[1, 2]]));
    // Distances of 1 and 1/2, two scales and one.
    expect(valueOf(observation.logProb(tf.tensor2d([[2, 1.5]])))).toBeCloseTo(-2 - 1, 5);
    expect(valuesOf(observation.mean)).toEqual([1, 2]);
  });

  it('draws by its quantiles: the median, and a scale times ln 2 to either side at the quartiles', () => {
    const observation = build({ scale: 3 }, [3])(tf.ones([1, 3]));
    const drawn = valuesOf(observation.sample(createFixedNoise({ likelihood: [0.5, 0.25, 0.75] })));
    [1, 1 - 3 * Math.LN2, 1 + 3 * Math.LN2].forEach((value, i) => expect(drawn[i]).toBeCloseTo(value, 5));
    expect(valuesOf(observation.sample(createFixedNoise({ likelihood: [0, 0, 0] }))).every(Number.isFinite)).toBe(true);
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

  it('is largest at the mean distance that the data has', () => {
    const x = tf.tensor2d([[-1], [3]]);
    const at = (scale: number): number => valueOf(tf.mean(build({ scale }, [1])(tf.zeros([1, 1])).logProb(x)));
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 10, noNaN: true }), (scale) => {
        expect(at(scale)).toBeLessThanOrEqual(at(2) + 1e-6);
      }),
    );
  });
});
