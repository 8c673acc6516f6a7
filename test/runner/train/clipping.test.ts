import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { clipGradients } from '../../../src/runner/train/clipping.js';
import { useCpuBackend } from '../../support/pass.js';

useCpuBackend();

const clipped = (gradients: readonly (readonly number[])[], norm: number | null, value: number | null): number[][] =>
  clipGradients(
    gradients.map((gradient) => tf.tensor1d([...gradient])),
    { norm, value },
  ).map((tensor) => [...tensor.dataSync()]);

describe('clipGradients', () => {
  it('scales all gradients by one factor when their global norm is too large', () => {
    // The norm of (3, 4) and (12) together is 13.
    const [a, b] = clipped([[3, 4], [12]], 6.5, null);
    expect(a?.[0]).toBeCloseTo(1.5, 6);
    expect(a?.[1]).toBeCloseTo(2, 6);
    expect(b?.[0]).toBeCloseTo(6, 6);
  });

  it('leaves small gradients, and zero gradients, as they are', () => {
    expect(clipped([[3, 4]], 100, null)).toEqual([[3, 4]]);
    expect(clipped([[0, 0]], 1, null)).toEqual([[0, 0]]);
  });

  it('limits each element before the norm', () => {
    expect(clipped([[-9, 0.5]], null, 1)).toEqual([[-1, 0.5]]);
    const [both] = clipped([[-9, 0.5]], 0.5, 1);
    const norm = Math.hypot(...(both ?? []));
    expect(norm).toBeCloseTo(0.5, 6);
    expect((both?.[0] ?? 0) / (both?.[1] ?? 1)).toBeCloseTo(-2, 5);
  });
});
