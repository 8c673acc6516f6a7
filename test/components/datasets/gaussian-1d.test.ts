import { describe, expect, it } from 'vitest';
import gaussian1d from '../../../src/components/datasets/gaussian-1d.js';
import { contextOf, readAll } from './context.js';

const dataset = gaussian1d.build({ mean: 3, deviation: 2, examples: 40_000, validation: 10, test: 0, fresh: true });

describe('gaussian-1d', () => {
  it('is one mode, known beforehand, without labels', () => {
    expect(dataset.facts).toEqual({ shape: [1], numClasses: null, support: 'real', mixture: { means: [[3]], deviation: 2 } });
  });

  it('has its mean, its deviation and no skew', async () => {
    const { splits } = await dataset.load(contextOf());
    const { x } = readAll(splits.train, 1);
    const moment = (power: number): number => x.reduce((sum, value) => sum + ((value - 3) / 2) ** power, 0) / x.length;
    expect(Math.abs(moment(1))).toBeLessThan(4 / 200);
    expect(Math.abs(moment(2) - 1)).toBeLessThan((4 * Math.SQRT2) / 200);
    expect(Math.abs(moment(3))).toBeLessThan((4 * Math.sqrt(15)) / 200);
  });

  it('leaves a buffer of labels alone', async () => {
    const labels = Int32Array.of(7);
    (await dataset.load(contextOf())).splits.train.read(Int32Array.of(0), 0, new Float32Array(1), labels);
    expect([...labels]).toEqual([7]);
  });
});
