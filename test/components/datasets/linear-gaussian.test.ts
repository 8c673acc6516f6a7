import { describe, expect, it } from 'vitest';
import linearGaussian from '../../../src/components/datasets/linear-gaussian.js';
import { createMoments } from '../../../src/components/shared/gaussian-moments.js';
import { symmetricEigen } from '../../../src/components/shared/symmetric-eigen.js';
import { contextOf, readAll } from './context.js';

const splits = { examples: 20_000, validation: 10, test: 0, fresh: true };

describe('linear-gaussian', () => {
  it('has as many directions of large variance as it has codes, and the noise in all others', async () => {
    const dataset = linearGaussian.build({ size: 8, codes: 2, variance: 0.25, ...splits });
    const { x } = readAll((await dataset.load(contextOf())).splits.train, 8);
    const moments = createMoments(8);
    moments.add(x, 20_000);
    const { mean, covariance } = moments.result();
    mean.forEach((value) => {
      expect(Math.abs(value)).toBeLessThan(0.1);
    });
    const { values } = symmetricEigen(covariance, 8);
    // Deviation of a variance of 20,000 values: 1 %.
    [2, 3, 4, 5, 6, 7].forEach((i) => expect(values[i] ?? NaN).toBeCloseTo(0.25, 1));
    expect(values[1]).toBeGreaterThan(1);
  });

  it('has the variances that are asked for, and the noise beside them', async () => {
    const dataset = linearGaussian.build({ size: 6, codes: [7, 3, 1], variance: 1, ...splits });
    const moments = createMoments(6);
    moments.add(readAll((await dataset.load(contextOf())).splits.train, 6).x, 20_000);
    const values = symmetricEigen(moments.result().covariance, 6).values.toSorted((a, b) => b - a);
    [8, 4, 2, 1, 1, 1].forEach((expected, i) => {
      expect(Math.abs((values[i] ?? NaN) / expected - 1)).toBeLessThan(0.05);
    });
  });

  it('draws other points of one distribution with another seed', async () => {
    const dataset = linearGaussian.build({ size: 4, codes: 1, variance: 1e-6, ...splits });
    const [one, other] = await Promise.all(
      [1, 2].map(async (seed) => readAll((await dataset.load(contextOf({ seed }))).splits.validation, 4).x),
    );
    expect(one).not.toEqual(other);
    // Without noise, all points lie on one line, whatever the seed.
    const slope = (x: Float32Array | undefined): number => (x?.[1] ?? NaN) / (x?.[0] ?? NaN);
    expect(slope(one) / slope(other)).toBeCloseTo(1, 1);
  });
});
