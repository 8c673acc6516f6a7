import { describe, expect, it } from 'vitest';
import gaussianRing from '../../../src/components/datasets/gaussian-ring.js';
import type { ValuesOf } from '../../../src/registry/params.js';
import { contextOf, readAll } from './context.js';

const build = (params: Partial<ValuesOf<typeof gaussianRing.params>> = {}) =>
  gaussianRing.build({ modes: 8, radius: 2, deviation: 0.05, examples: 20_000, validation: 0, test: 0, fresh: true, ...params });

describe('gaussian-ring', () => {
  it('has its modes at equal angles from the right, counter-clockwise', () => {
    const { facts } = build();
    expect(facts).toMatchObject({ shape: [2], numClasses: 8, support: 'real', mixture: { deviation: 0.05 } });
    const means = facts?.mixture?.means ?? [];
    const half = Math.SQRT2;
    const expected = [2, 0, half, half, 0, 2, -half, half, -2, 0, -half, -half, 0, -2, half, -half];
    expect(means).toHaveLength(8);
    means.flat().forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 12));
  });

  it('may have one mode', () => {
    expect(build({ modes: 1 }).facts).toMatchObject({ numClasses: 1, mixture: { means: [[2, 0]] } });
  });

  it('labels points by the mode that is nearest, 98.889 % of them within three deviations', async () => {
    const dataset = build();
    const { x, labels } = readAll((await dataset.load(contextOf())).splits.train, 2);
    const means = dataset.facts?.mixture?.means ?? [];
    const distance = (row: number, mode: number): number =>
      Math.hypot((x[2 * row] ?? NaN) - (means[mode]?.[0] ?? NaN), (x[2 * row + 1] ?? NaN) - (means[mode]?.[1] ?? NaN));
    let near = 0;
    for (const [row, label] of labels.entries()) {
      const distances = means.map((_, mode) => distance(row, mode));
      expect(distances.indexOf(Math.min(...distances))).toBe(label);
      if (distance(row, label) < 0.15) near += 1;
    }
    // 1 - exp(-9 / 2) of a Gaussian in the plane, and four standard errors.
    const share = 1 - Math.exp(-4.5);
    expect(Math.abs(near / labels.length - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / labels.length));
  });
});
