import { describe, expect, it } from 'vitest';
import { createToyDataset, sampleMixture } from '../../../src/components/shared/toy-data.js';
import type { Data } from '../../../src/registry/contracts/index.js';
import { contextOf, readAll } from '../datasets/context.js';

const mixture = {
  means: [
    [-3, 1],
    [4, 0],
  ],
  deviation: 0.5,
};
const facts = { shape: [2], numClasses: 2, support: 'real', mixture } as const;
const load = (params: { examples?: number; validation?: number; test?: number; fresh?: boolean } = {}, seed = 1): Promise<Data> =>
  createToyDataset(
    { title: 'Two Gaussians', facts, sample: sampleMixture(mixture) },
    { examples: 500, validation: 200, test: 100, fresh: true, ...params },
  ).load(contextOf({ seed }));

describe('toy data', () => {
  it('knows before loading all that it knows after', () => {
    const dataset = createToyDataset(
      { title: 'Two Gaussians', facts, sample: sampleMixture(mixture) },
      { examples: 1, validation: 0, test: 0, fresh: true },
    );
    expect(dataset.facts).toEqual(facts);
  });

  it('has splits of the wanted sizes, which differ', async () => {
    const data = await load();
    expect(data).toMatchObject({ ...facts, hashes: {}, description: 'Two Gaussians, drawn anew in each epoch (seed 1)' });
    const { train, validation, test } = data.splits;
    expect([train.count, validation.count, test.count]).toEqual([500, 200, 100]);
    const [a, b, c] = [train, validation, test].map((split) => readAll(split, 2).x.subarray(0, 200));
    expect(a).not.toEqual(b);
    expect(b).not.toEqual(c);
  });

  it('gives an example by seed, epoch and index alone, in whatever order it is asked for', async () => {
    const { train } = (await load()).splits;
    const [first, second] = [readAll(train, 2, 0), readAll(train, 2, 1)];
    expect(first.x).not.toEqual(second.x);
    const [x, labels] = [new Float32Array(6), new Int32Array(3)];
    train.read(Int32Array.of(499, 7, 7), 0, x, labels);
    const rows = [499, 7, 7];
    expect([...x]).toEqual(rows.flatMap((row) => [...first.x.subarray(2 * row, 2 * row + 2)]));
    expect([...labels]).toEqual(rows.map((row) => first.labels[row]));
    expect(readAll(train, 2, 1)).toEqual(second);
    expect(readAll((await load()).splits.train, 2, 1)).toEqual(second);
    expect(readAll((await load({}, 2)).splits.train, 2, 0).x).not.toEqual(first.x);
  });

  it('leaves the first examples as they are when there are more', async () => {
    const [few, many] = [readAll((await load()).splits.train, 2, 3), readAll((await load({ examples: 900 })).splits.train, 2, 3)];
    expect(many.x.subarray(0, 1000)).toEqual(few.x);
    expect(many.labels.subarray(0, 500)).toEqual(few.labels);
  });

  it('keeps validation and test examples in all epochs, and training examples too unless they are fresh', async () => {
    const { splits } = await load();
    expect(readAll(splits.validation, 2, 5)).toEqual(readAll(splits.validation, 2, 0));
    expect(readAll(splits.test, 2, 5)).toEqual(readAll(splits.test, 2, 0));
    const { train } = (await load({ fresh: false })).splits;
    expect(readAll(train, 2, 5)).toEqual(readAll(train, 2, 0));
    expect(readAll(train, 2, 5)).toEqual(readAll(splits.train, 2, 0));
  });

  it('draws each mode equally often, with its mean and deviation', async () => {
    const { x, labels } = readAll((await load({ examples: 40_000 })).splits.train, 2);
    for (const [mode, mean] of mixture.means.entries()) {
      const rows = [...labels.keys()].filter((row) => labels[row] === mode);
      // Four standard errors of a binomial, a mean and a variance.
      expect(Math.abs(rows.length - 20_000)).toBeLessThan(4 * 100);
      for (const axis of [0, 1]) {
        const values = rows.map((row) => (x[2 * row + axis] ?? NaN) - (mean[axis] ?? NaN));
        const average = values.reduce((a, b) => a + b, 0) / rows.length;
        const variance = values.reduce((a, b) => a + b * b, 0) / rows.length;
        expect(Math.abs(average)).toBeLessThan((4 * 0.5) / Math.sqrt(rows.length));
        expect(Math.abs(variance / 0.25 - 1)).toBeLessThan(4 * Math.sqrt(2 / rows.length));
      }
    }
  });

  it('refuses buffers and indices that do not fit', async () => {
    const { train } = (await load()).splits;
    expect(() => train.read(Int32Array.of(0), 0, new Float32Array(3))).toThrow(RangeError);
    expect(() => train.read(Int32Array.of(500), 0, new Float32Array(2))).toThrow(RangeError);
    expect(() => train.read(Int32Array.of(-1), 0, new Float32Array(2))).toThrow(RangeError);
  });
});
