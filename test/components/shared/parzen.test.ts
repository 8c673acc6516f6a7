/** The Parzen window, against values worked by hand. */
import { describe, expect, it } from 'vitest';
import type { Rows } from '../../../src/components/shared/matrix-blocks.js';
import { bandwidthGrid, chooseBandwidth, parzenEstimate, parzenLogDensities } from '../../../src/components/shared/parzen.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';

const rowsOf = (rows: readonly (readonly number[])[]): Rows => ({
  values: Float32Array.from(rows.flat()),
  count: rows.length,
  width: rows[0]?.length ?? 0,
});
const normals = (name: string, count: number, width: number): Rows => {
  const values = new Float32Array(count * width);
  createRandomStreams(2).draws(name, 0).normal(values);
  return { values, count, width };
};

describe('the Parzen window', () => {
  it('is a mixture of Gaussians at the samples, as worked by hand', () => {
    const samples = rowsOf([
      [0, 0],
      [1, 0],
    ]);
    const points = rowsOf([
      [0, 0],
      [0, 2],
    ]);
    const h = 0.5;
    const density = (squares: readonly number[]): number =>
      Math.log(squares.reduce((sum, square) => sum + Math.exp(-square / (2 * h * h)), 0) / 2) - Math.log(2 * Math.PI * h * h);
    const expected = [density([0, 1]), density([4, 5])];
    const [found = []] = parzenLogDensities(points, samples, [h]);
    expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, 10));
    const [estimate, error] = parzenEstimate(points, samples, h);
    const [first = NaN, second = NaN] = expected;
    expect(estimate).toBeCloseTo((first + second) / 2, 10);
    // Of two values: half their distance.
    expect(error).toBeCloseTo(Math.abs(first - second) / 2, 10);
  });

  it('has no under- or overflow far from all samples, and takes blocks in any order', () => {
    const samples = normals('samples', 300, 3);
    const far = rowsOf([[1000, 0, 0]]);
    const [narrow = []] = parzenLogDensities(far, samples, [0.01]);
    const nearest = Math.min(
      ...Array.from({ length: 300 }, (_, i) =>
        [1000, 0, 0].reduce((sum, value, d) => sum + (value - (samples.values[i * 3 + d] ?? 0)) ** 2, 0),
      ),
    );
    expect((narrow[0] ?? NaN) / (-nearest / (2 * 0.01 ** 2))).toBeCloseTo(1, 5);
    const reversed = {
      ...samples,
      values: Float32Array.from({ length: 900 }, (_, at) => samples.values[(299 - Math.floor(at / 3)) * 3 + (at % 3)] ?? 0),
    };
    const points = normals('points', 10, 3);
    const [[forth], [back]] = [parzenLogDensities(points, samples, [0.3]), parzenLogDensities(points, reversed, [0.3])];
    forth?.forEach((value, i) => expect(back?.[i]).toBeCloseTo(value, 8));
  });

  it('comes near the true density of a normal in one dimension, with the bandwidth of the rule of thumb', () => {
    const [samples, points] = [normals('samples', 2000, 1), normals('points', 1000, 1)];
    const bandwidth = chooseBandwidth(points, samples, bandwidthGrid(0.01, 1, 21));
    // 1.06 n^(-1/5) is 0.23 for the best mean squared error.
    expect(bandwidth).toBeGreaterThan(0.07);
    expect(bandwidth).toBeLessThan(0.4);
    const [estimate, error] = parzenEstimate(points, samples, bandwidth);
    const exact = -0.5 * Math.log(2 * Math.PI) - (0.5 * points.values.reduce((sum, x) => sum + x * x, 0)) / 1000;
    expect(Math.abs(estimate - exact)).toBeLessThan(0.03);
    // log p is -x^2/2 and a constant, whose variance is 1/2; examples beyond the last sample add to it.
    expect(error / (Math.SQRT1_2 / Math.sqrt(1000))).toBeGreaterThan(0.9);
    expect(error / (Math.SQRT1_2 / Math.sqrt(1000))).toBeLessThan(1.4);
  });

  it('tries bandwidths evenly spaced by their logarithms, and takes the likeliest', () => {
    bandwidthGrid(0.01, 1, 3).forEach((value, i) => expect(value).toBeCloseTo([0.01, 0.1, 1][i] ?? NaN, 12));
    // All points one apart from the one sample in one direction: the likeliest h is 1.
    expect(chooseBandwidth(rowsOf([[1], [-1]]), rowsOf([[0]]), [0.5, 0.9, 1, 1.2, 2])).toBe(1);
  });
});
