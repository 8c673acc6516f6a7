import { describe, expect, it } from 'vitest';
import { Xoshiro } from '../../../src/runner/random/xoshiro.js';
import { fillNormal } from '../../../src/runner/random/ziggurat.js';
import { chiSquareDeviate, correlationDeviate, kolmogorovSmirnov, normalCdf } from './statistics.js';

const NUM_DRAWS = 1_000_000;
const draw = (count: number): Float32Array => {
  const out = new Float32Array(count);
  fillNormal(new Xoshiro([1, 2, 3, 4]), out);
  return out;
};
const draws = draw(NUM_DRAWS);

describe('normal draws', () => {
  it.each([
    // E[x^k] of N(0, 1), and the variance of x^k: E[x^2k] - E[x^k]^2.
    { power: 1, moment: 0, variance: 1 },
    { power: 2, moment: 1, variance: 2 },
    { power: 3, moment: 0, variance: 15 },
    { power: 4, moment: 3, variance: 96 },
    { power: 6, moment: 15, variance: 10_170 },
  ])('have the moment $moment of order $power within 4 standard errors', ({ power, moment, variance }) => {
    const mean = draws.reduce((sum, x) => sum + x ** power, 0) / NUM_DRAWS;
    expect(Math.abs(mean - moment)).toBeLessThan(4 * Math.sqrt(variance / NUM_DRAWS));
  });

  it('follow the normal distribution function (Kolmogorov-Smirnov)', () => {
    expect(kolmogorovSmirnov(draws, normalCdf)).toBeLessThan(1.95);
  });

  it('fill 1,000 quantile bins evenly', () => {
    expect(Math.abs(chiSquareDeviate(draws.map(normalCdf), 1000))).toBeLessThan(4);
  });

  it.each([3, 3.6541528853610088, 4, 4.5])('lie beyond ±%d as often as they should, on both sides', (edge) => {
    const probability = normalCdf(-edge);
    const tolerance = 4 * Math.sqrt(NUM_DRAWS * probability);
    const above = draws.filter((x) => x > edge).length;
    const below = draws.filter((x) => x < -edge).length;
    expect(Math.abs(above - NUM_DRAWS * probability)).toBeLessThan(tolerance);
    expect(Math.abs(below - NUM_DRAWS * probability)).toBeLessThan(tolerance);
  });

  it('do not tell their neighbours anything, in value or in size', () => {
    const sizes = draws.map(Math.abs);
    expect(Math.abs(correlationDeviate(draws.subarray(1), draws.subarray(0, -1)))).toBeLessThan(4);
    expect(Math.abs(correlationDeviate(sizes.subarray(1), sizes.subarray(0, -1)))).toBeLessThan(4);
  });

  it('are never exactly zero', () => {
    expect(draws.includes(0)).toBe(false);
  });
});
