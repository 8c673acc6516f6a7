/** Student's test against tables, and against a simulation of what its p-value promises. */
import { describe, expect, it } from 'vitest';
import { deviationOf, holm, pairedTest, twoSidedP } from '../../src/report/statistics.js';
import { createRandomStreams } from '../../src/runner/random/index.js';

describe('the two-sided p-value of Student’s t', () => {
  it.each([
    // Quantiles of tables: 5 % and 1 % two-sided.
    [12.706, 1, 0.05],
    [4.303, 2, 0.05],
    [3.182, 3, 0.05],
    [2.776, 4, 0.05],
    [9.925, 2, 0.01],
    [4.604, 4, 0.01],
    [2.228, 10, 0.05],
    [2.045, 29, 0.05],
    [1.98, 120, 0.05],
  ])('of t = %f with %i degrees of freedom is %f', (t, df, p) => {
    expect(Math.abs(twoSidedP(t, df) / p - 1)).toBeLessThan(0.003);
    expect(twoSidedP(-t, df)).toBe(twoSidedP(t, df));
  });

  it('has closed forms for one and two degrees of freedom', () => {
    for (const t of [0, 0.3, 1, 7]) {
      expect(twoSidedP(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12);
      expect(twoSidedP(t, 2)).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 12);
    }
    expect(twoSidedP(Infinity, 5)).toBe(0);
  });
});

describe('the paired test', () => {
  it('finds the hand-worked figure', () => {
    // Differences 1, 2, 3: mean 2, deviation 1, t = 2 sqrt(3).
    const { count, difference, p } = pairedTest([
      [0, 1],
      [5, 7],
      [-1, 2],
    ]);
    expect({ count, difference }).toEqual({ count: 3, difference: 2 });
    expect(p).toBeCloseTo(1 - (2 * Math.sqrt(3)) / Math.sqrt(2 + 12), 12);
  });

  it('says nothing of one pair, and knows pairs that do not scatter', () => {
    expect(pairedTest([[1, 2]]).p).toBeNull();
    expect(
      pairedTest(
        [
          [1, 1],
          [2, 2],
        ].map(([a = 0, b = 0]) => [a, b] as const),
      ).p,
    ).toBe(1);
  });

  it('calls 5 % of equal variants different', () => {
    const draws = createRandomStreams(1).draws('test', 0);
    const values = new Float32Array(10);
    let numFound = 0;
    for (let i = 0; i < 4000; i++) {
      draws.normal(values);
      const pairs = Array.from({ length: 5 }, (_, k) => [values[k] ?? 0, values[5 + k] ?? 0] as const);
      if ((pairedTest(pairs).p ?? 1) < 0.05) numFound++;
    }
    // The standard error of the share is 0.0034.
    expect(Math.abs(numFound / 4000 - 0.05)).toBeLessThan(0.014);
  });
});

it('Holm’s correction multiplies the smallest by their number, and keeps the order', () => {
  expect(holm([0.01, null, 0.04, 0.03])).toEqual([0.03, null, 0.06, 0.06]);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
});

it('a single value has no deviation', () => {
  expect(deviationOf([3])).toBeNull();
  expect(deviationOf([1, 3])).toBeCloseTo(Math.SQRT2, 12);
});
