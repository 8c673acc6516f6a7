/** Distributions fitted to codes: their moments, and what they are made of. */
import { describe, expect, it } from 'vitest';
import { betweenNeighbours, fitMixture, fitNormal } from '../../../src/components/shared/code-fits.js';
import type { Codes, CodeSampler } from '../../../src/registry/contracts/index.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';

const random = createRandomStreams(1);
const normals = (count: number): Float32Array => {
  const out = new Float32Array(count);
  random.draws('codes', 0).normal(out);
  return out;
};
const sampled = async (sampler: CodeSampler, count: number): Promise<Float32Array> => {
  const out = new Float32Array(count);
  await sampler(out, random.draws('samples', 0));
  return out;
};
/** Mean and covariance of pairs: [m1, m2, s11, s12, s22]. */
const moments = (values: Float32Array): readonly number[] => {
  const n = values.length / 2;
  const sums = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [a = 0, b = 0] = values.subarray(2 * i, 2 * i + 2);
    [a, b, a * a, a * b, b * b].forEach((value, k) => (sums[k] = (sums[k] ?? 0) + value / n));
  }
  const [a = 0, b = 0, aa = 0, ab = 0, bb = 0] = sums;
  return [a, b, aa - a * a, ab - a * b, bb - b * b];
};

describe('a fitted Gaussian', () => {
  it('has the mean and the covariance of the codes', async () => {
    const noise = normals(4000);
    const values = noise.map((value, i) => (i % 2 === 0 ? 3 + value : -1 + 0.8 * (noise[i - 1] ?? 0) + 0.2 * value));
    const expected = moments(values);
    moments(await sampled(fitNormal({ values, size: 2 }), 40_000)).forEach((value, i) =>
      expect(Math.abs(value - expected[i]!)).toBeLessThan(0.04),
    );
  });

  it('is a point where all codes are one', async () => {
    const point = fitNormal({ values: new Float32Array(20).fill(2), size: 2 });
    for (const value of await sampled(point, 100)) expect(value).toBeCloseTo(2, 1);
  });
});

describe('a fitted mixture', () => {
  it('finds two heaps with their shares, where one Gaussian fills the gap between them', async () => {
    const noise = normals(2000);
    const codes: Codes = { values: noise.map((value, i) => 0.3 * value + (Math.floor(i / 2) % 4 === 0 ? -5 : 5)), size: 2 };
    const between = (values: Float32Array): number => values.filter((value) => Math.abs(value) < 2).length / values.length;
    const mixed = await sampled(fitMixture(3)(codes, random.draws('fit', 0)), 10_000);
    expect(between(mixed)).toBe(0);
    expect(between(await sampled(fitNormal(codes), 10_000))).toBeGreaterThan(0.1);
    expect(mixed.filter((value) => value < 0).length / mixed.length).toBeCloseTo(0.25, 1);
  });
});

describe('points between neighbours', () => {
  it('lie between a code and one of those nearest to it', async () => {
    // Two lines far apart.
    const values = Float32Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? Math.floor(i / 2) % 10 : i < 20 ? 0 : 100));
    const found = await sampled(betweenNeighbours(2)({ values, size: 2 }), 200);
    for (let i = 0; i < 200; i += 2) {
      expect([0, 100]).toContain(Math.round(found[i + 1]!));
      expect(found[i]).toBeGreaterThanOrEqual(0);
      expect(found[i]).toBeLessThanOrEqual(9);
    }
  });
});
