/** Histograms: densities that add up to 1, on bins that hold everything. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binsOf, histogram } from '../../../src/components/shared/histogram.js';

describe('histogram', () => {
  it('gives the share of each bin by its width', () => {
    const bars = histogram(Float32Array.of(0, 0.5, 1, 3.9, 4), { from: 0, to: 4, count: 4 });
    expect(bars.map(({ density }) => density)).toEqual([0.4, 0.2, 0, 0.4]);
    expect(bars.map(({ left, right }) => [left, right])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
  });

  it('leaves out what lies outside, which still counts', () => {
    const bars = histogram(Float32Array.of(-1, 0.5, 9, NaN), { from: 0, to: 1, count: 1 });
    expect(bars[0]!.density).toBe(0.25);
  });

  it('adds up to 1 on bins of its own', () => {
    const number = fc.float({ min: -1000, max: 1000, noNaN: true });
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 50 }), fc.integer({ min: 1, max: 20 }), (numbers, count) => {
        const values = Float32Array.from(numbers);
        const bars = histogram(values, binsOf([values], count));
        expect(bars.reduce((sum, { left, right, density }) => sum + (right - left) * density, 0)).toBeCloseTo(1, 6);
      }),
    );
  });

  it('has bins of some width around one number', () => {
    const { from, to } = binsOf([Float32Array.of(7, 7), Float32Array.of(7)], 3);
    expect([from, to]).toEqual([6.5, 7.5]);
  });
});
