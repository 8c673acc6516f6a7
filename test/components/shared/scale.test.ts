import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toScale } from '../../../src/components/shared/scale.js';
import { expectGradient } from '../../support/finite-differences.js';
import { useCpuBackend, valueOf, valuesOf } from '../../support/pass.js';

useCpuBackend();

describe.each(['softplus', 'exp'] as const)('a scale by %s', (form) => {
  const exact = (u: number): number => (form === 'exp' ? Math.exp(u) : Math.log1p(Math.exp(u)));

  it('is the function of its name, and comes with its logarithm', () => {
    const points = [-20, -15, -14.9, -3, 0, 2, 10];
    const { scale, logScale } = toScale(tf.tensor1d(points), form);
    points.forEach((u, i) => {
      expect(valuesOf(scale)[i]! / exact(u)).toBeCloseTo(1, 5);
      expect(valuesOf(logScale)[i]).toBeCloseTo(Math.log(exact(u)), 5);
    });
  });

  it('has the gradients of its values', () => {
    expectGradient((u) => tf.sum(toScale(u, form).scale), [-4, -0.5, 0.3, 1.5]);
    expectGradient((u) => tf.sum(toScale(u, form).logScale), [-18, -14, -0.5, 0.3, 1.5]);
  });

  it('never leaves float32 in its logarithm, nor in the slope of that', () => {
    fc.assert(
      fc.property(fc.float({ min: -1e4, max: 1e4, noNaN: true }), (u) => {
        const { value, grad } = tf.valueAndGrad((x) => tf.sum(toScale(x, form).logScale))(tf.tensor1d([u]));
        expect(Number.isFinite(valueOf(value))).toBe(true);
        expect(valueOf(grad)).toBeGreaterThanOrEqual(0);
        expect(valueOf(grad)).toBeLessThanOrEqual(1 + 1e-6);
      }),
    );
  });
});
