import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { structuralSimilarity } from '../../../src/components/shared/structural-similarity.js';
import { expectGradient } from '../../support/finite-differences.js';
import { useCpuBackend, valueOf } from '../../support/pass.js';
import { partOf } from './parts.js';

useCpuBackend();

const images = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 32, maxLength: 32 });
const ssim = (x: readonly number[], y: readonly number[]): number =>
  valueOf(structuralSimilarity(tf.tensor([...x], [1, 4, 4, 2]), tf.tensor([...y], [1, 4, 4, 2]), 3));
const loss = (x: tf.Tensor, mean: tf.Tensor): tf.Tensor =>
  partOf({ type: 'ssim', window: 3 }, 'encoder', { x, likelihood: { mean, logProb: () => tf.zeros([1]), sample: () => mean } });

describe('ssim', () => {
  it('is one for the same images, the same both ways, and never more than one', () => {
    fc.assert(
      fc.property(images, images, (x, y) => {
        expect(ssim(x, x)).toBeCloseTo(1, 4);
        expect(ssim(x, y)).toBeCloseTo(ssim(y, x), 4);
        expect(ssim(x, y)).toBeLessThanOrEqual(1 + 1e-4);
      }),
      { numRuns: 30 },
    );
  });

  it('compares means alone where there is no structure, by hand', () => {
    const found = ssim(new Array<number>(32).fill(0.2), new Array<number>(32).fill(0.6));
    expect(found).toBeCloseTo((2 * 0.12 + 1e-4) / (0.04 + 0.36 + 1e-4), 3);
  });

  it('weighs the window, by hand for one place', () => {
    // A 2 x 2 window has four equal weights: means 1/2 and 1/4, variances 1/4 and 3/16, covariance 1/8.
    const x = tf.tensor([1, 0, 1, 0], [1, 2, 2, 1]);
    const y = tf.tensor([1, 0, 0, 0], [1, 2, 2, 1]);
    const expected = ((2 / 8 + 1e-4) * (2 / 8 + 9e-4)) / ((1 / 4 + 1 / 16 + 1e-4) * (1 / 4 + 3 / 16 + 9e-4));
    expect(valueOf(structuralSimilarity(x, y, 2))).toBeCloseTo(expected, 4);
  });

  it('is averaged over samples, with the gradients of its values', () => {
    const x = tf.tensor([0.1, 0.8, 0.3, 0.9, 0.2, 0.5, 0.4, 0.7, 0.6], [1, 3, 3, 1]);
    const point = [0.2, 0.7, 0.4, 0.6, 0.3, 0.1, 0.5, 0.9, 0.8];
    expectGradient((mean) => loss(x, tf.reshape(mean, [1, 1, 3, 3, 1])), point);
    const twice = loss(x, tf.reshape(tf.tensor1d([...point, ...x.dataSync()]), [2, 1, 3, 3, 1]));
    expect(valueOf(twice)).toBeCloseTo(valueOf(loss(x, tf.reshape(tf.tensor1d(point), [1, 1, 3, 3, 1]))) / 2, 5);
  });
});
