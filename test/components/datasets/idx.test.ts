import { describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import idx from '../../../src/components/datasets/idx.js';
import type { Data } from '../../../src/registry/contracts/index.js';
import type { ValuesOf } from '../../../src/registry/params.js';
import { idxBytes, ramp } from '../shared/idx-bytes.js';
import { dataErrorOf, problem } from '../shared/rejection.js';
import { temporaryFolder, writeInto } from '../shared/temporary.js';
import { contextOf, noLimit, readAll } from './context.js';

const folder = temporaryFolder();
// Every pixel of image i is i, and so is its label.
const imageFile = (count: number): Uint8Array =>
  idxBytes(
    [count, 2, 3],
    ramp(count * 6).map((_, i) => Math.floor(i / 6)),
  );
const images = writeInto(folder, 'images', imageFile(10));
const labels = writeInto(folder, 'labels', idxBytes([10], ramp(10)));
const testImages = writeInto(folder, 'test-images.gz', gzipSync(imageFile(4)));
const testLabels = writeInto(folder, 'test-labels', idxBytes([4], [0, 1, 2, 12], 'int32'));

const load = (params: Partial<ValuesOf<typeof idx.params>> = {}, seed = 1): Promise<Data> =>
  idx
    .build({
      images,
      labels: null,
      testImages: null,
      testLabels: null,
      binarization: 'none',
      validation: 0,
      test: 0,
      shuffle: false,
      limit: noLimit,
      ...params,
    })
    .load(contextOf({ seed }));
const rowsOf = (data: Data, split: 'train' | 'validation' | 'test'): number[] => {
  const { x } = readAll(data.splits[split], 6);
  return Array.from({ length: x.length / 6 }, (_, i) => Math.round((x[i * 6] ?? NaN) * 255));
};

describe('idx', () => {
  it('trains on all images unless told otherwise', async () => {
    const data = await load();
    expect(data).toMatchObject({ shape: [2, 3, 1], numClasses: null, support: 'unit-interval' });
    expect(data.description).toBe('images (IDX), grey values from 0 to 1, not binarized');
    expect([rowsOf(data, 'train'), rowsOf(data, 'validation'), rowsOf(data, 'test')]).toEqual([ramp(10), [], []]);
  });

  it('cuts validation and test images from the end, in the file’s order', async () => {
    const data = await load({ labels, validation: 2, test: 3 });
    expect([rowsOf(data, 'train'), rowsOf(data, 'validation'), rowsOf(data, 'test')]).toEqual([
      [0, 1, 2, 3, 4],
      [5, 6],
      [7, 8, 9],
    ]);
    expect([...readAll(data.splits.validation, 6).labels]).toEqual([5, 6]);
    expect(data.numClasses).toBe(10);
  });

  it('takes the test images from their own file, where there is one', async () => {
    const data = await load({ labels, testImages, testLabels, validation: 4 });
    expect([rowsOf(data, 'train'), rowsOf(data, 'validation'), rowsOf(data, 'test')]).toEqual([ramp(6), [6, 7, 8, 9], ramp(4)]);
    expect([...readAll(data.splits.test, 6).labels]).toEqual([0, 1, 2, 12]);
    expect(data.numClasses).toBe(13);
    expect(Object.keys(data.hashes)).toEqual([images, labels, testImages, testLabels]);
  });

  it('shuffles before it cuts, where it is asked to, and only for the seed', async () => {
    const data = await load({ labels, validation: 3, test: 2, shuffle: true });
    const rows = (['train', 'validation', 'test'] as const).flatMap((split) => rowsOf(data, split));
    expect(rows).not.toEqual(ramp(10));
    expect(rows.toSorted((a, b) => a - b)).toEqual(ramp(10));
    expect([...readAll(data.splits.train, 6).labels]).toEqual(rows.slice(0, 5));
    expect(rowsOf(await load({ validation: 3, test: 2, shuffle: true }), 'train')).toEqual(rows.slice(0, 5));
    expect(rowsOf(await load({ validation: 3, test: 2, shuffle: true }, 2), 'train')).not.toEqual(rows.slice(0, 5));
  });

  it('binarizes floats as it does bytes', async () => {
    const floats = writeInto(folder, 'floats', idxBytes([2, 2, 2], [0, 1, 0.4, 0.6, 1, 0, 0.5, 0.7], 'float32'));
    const { splits } = await load({ images: floats, binarization: 'threshold' });
    expect([...readAll(splits.train, 4).x]).toEqual([0, 1, 0, 1, 1, 0, 0, 1]);
  });

  it.each([
    { params: { testLabels }, expected: problem('incomplete-params', { given: 'testLabels', missing: 'testImages' }) },
    { params: { labels, testImages }, expected: problem('incomplete-params', { given: 'labels', missing: 'testLabels' }) },
    { params: { testImages, testLabels }, expected: problem('incomplete-params', { given: 'testLabels', missing: 'labels' }) },
    { params: { testImages, test: 1 }, expected: problem('conflicting-params', { params: ['testImages', 'test'] }) },
    { params: { labels: testLabels }, expected: problem('count-mismatch', { numImages: 10, numLabels: 4 }) },
    { params: { images: labels }, expected: problem('labels-as-images', { file: labels, count: 10 }) },
    { params: { labels: images }, expected: problem('images-as-labels', { file: images }) },
    { params: { validation: 6, test: 4 }, expected: problem('split-too-large', { param: 'validation', asked: 6, available: 5 }) },
    { params: { limit: { ...noLimit, test: 1 } }, expected: problem('split-too-large', { param: 'limit.test', asked: 1, available: 0 }) },
    { params: { images: `${folder}/none` }, expected: problem('missing-file') },
  ])('refuses $params', async ({ params, expected }) => {
    expect(await dataErrorOf(() => load(params))).toMatchObject(expected);
  });

  it('refuses test images of another size', async () => {
    const other = writeInto(folder, 'other-size', idxBytes([4, 3, 2], ramp(24)));
    expect(await dataErrorOf(() => load({ testImages: other }))).toMatchObject(problem('shape-mismatch'));
  });
});
