import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { standardize } from '../../../src/components/shared/standardize.js';

describe('standardizing', () => {
  it('uses the mean and the deviation of the given rows, for all rows', () => {
    const values = Float32Array.of(1, 10, 3, 10, 5, 40);
    standardize(values, 2, Int32Array.of(0, 1));
    // Column 1: mean 2, deviation 1. Column 2: mean 10, no deviation.
    expect([...values]).toEqual([-1, 0, 1, 0, 3, 30]);
  });

  it('gives mean 0 and deviation 1, far from zero too', () => {
    const column = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(column, fc.constantFrom(0, 1e4), (numbers, offset) => {
        fc.pre(new Set(numbers).size > 1);
        const values = Float32Array.from(numbers, (number) => number + offset);
        standardize(values, 1, Int32Array.from(values.keys()));
        const mean = values.reduce((a, b) => a + b, 0) / values.length;
        const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
        expect(mean).toBeCloseTo(0, 5);
        expect(variance).toBeCloseTo(1, 4);
      }),
    );
  });
});
