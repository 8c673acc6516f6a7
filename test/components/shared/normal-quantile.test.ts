/** The normal quantile against published values, and against the distribution function it inverts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../../src/components/shared/normal-quantile.js';

const relativeError = (actual: number, expected: number): number => Math.abs(actual / expected - 1);

describe('normalQuantile', () => {
  it.each([
    // The check values of Wichura 1988, one for each region, in full double precision.
    [0.25, -0.67448975019608174],
    [0.001, -3.0902323061678135],
    [1e-20, -9.262340089798408],
    // Well-known quantiles, as tables and other libraries have them.
    [0.975, 1.9599639845400545],
    [0.95, 1.6448536269514722],
    [0.99, 2.3263478740408408],
    [0.9, 1.2815515655446004],
    [1e-10, -6.361340902404056],
    [1e-300, -37.0471],
  ])('gives the quantile of %s', (p, z) => {
    const tolerance = p === 1e-300 ? 1e-6 : 2e-15;
    expect(relativeError(normalQuantile(p), z)).toBeLessThan(tolerance);
  });

  it('is 0 at one half, and infinite at the ends', () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
  });

  it.each([-0.1, 1.1, NaN])('refuses %s', (p) => {
    expect(() => normalQuantile(p)).toThrow(RangeError);
  });

  it('is odd around one half', () => {
    // Of k / 2^20 the complement is exact.
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 20 - 1 }), (k) => {
        expect(normalQuantile(1 - k / 2 ** 20)).toBe(-normalQuantile(k / 2 ** 20));
      }),
    );
  });

  it('inverts the distribution function, which is integrated here', () => {
    const density = (z: number): number => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
    /** Simpson's rule from 0 to z, added to one half. */
    const probability = (z: number): number => {
      const numSteps = 2000;
      const h = z / numSteps;
      let sum = density(0) + density(z);
      for (let i = 1; i < numSteps; i++) sum += (i % 2 === 1 ? 4 : 2) * density(i * h);
      return 0.5 + (sum * h) / 3;
    };
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (p) => {
        expect(Math.abs(probability(normalQuantile(p)) - p)).toBeLessThan(1e-12);
      }),
      { numRuns: 50 },
    );
  });
});
