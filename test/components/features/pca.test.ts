import { describe, expect, it } from 'vitest';
import pca from '../../../src/components/features/pca.js';
import type { Data, Examples } from '../../../src/registry/contracts/index.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';

/** Points in space that vary by 3 along (1, 1, 0), by 1 along (1, -1, 0) and not at all along (0, 0, 1), around (5, 5, 5). */
const createData = (seed: number, count: number): Data => {
  const draws = new Float32Array(2 * count);
  createRandomStreams(seed).draws('points', 0).normal(draws);
  const examples: Examples = {
    count,
    read: (indices, _, x) => {
      for (const [row, index] of indices.entries()) {
        const [a, b] = [(3 * (draws[2 * index] ?? 0)) / Math.SQRT2, (draws[2 * index + 1] ?? 0) / Math.SQRT2];
        x.set([5 + a + b, 5 + a - b, 5], row * 3);
      }
    },
  };
  const none: Examples = { count: 0, read: () => undefined };
  return {
    ...{ shape: [3], numClasses: null, support: 'real', description: 'points', hashes: {} },
    splits: { train: examples, validation: none, test: none },
  };
};

describe('features pca', () => {
  it('are coordinates along the directions of the largest variance, from the mean', () => {
    const projection = pca.build({ size: 2 }).fit?.(createData(1, 4000));
    const row = projection?.apply(Float32Array.of(6, 6, 5), 1) ?? new Float32Array();
    expect(Math.abs(Math.abs(row[0] ?? 0) - Math.SQRT2)).toBeLessThan(0.1);
    expect(Math.abs(row[1] ?? 9)).toBeLessThan(0.1);
    expect(projection?.width).toBe(2);
  });

  it('have a hash that follows what was learned', () => {
    const { hash } = pca.build({ size: 2 });
    expect(hash(createData(1, 100))).toBe(hash(createData(1, 100)));
    expect(hash(createData(1, 100))).not.toBe(hash(createData(2, 100)));
  });

  it('refuse more components than there are values, and examples that are too large', () => {
    const facts = { counts: null, latent: 1, offers: [], players: [], metricColumns: [], trainingColumns: null };
    const shapeOf = (shape: readonly number[]) => ({ ...facts, data: { shape, numClasses: null, support: 'real' as const } });
    const { check } = pca.build({ size: 4 });
    expect(check?.(shapeOf([3]))?.param).toBe('size');
    expect(check?.(shapeOf([64, 64, 3]))?.message).toContain('1600');
    expect(check?.(shapeOf([2, 2]))).toBeNull();
  });
});
