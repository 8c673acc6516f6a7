import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import npy from '../../../src/components/datasets/npy.js';
import type { Data } from '../../../src/registry/contracts/index.js';
import type { ValuesOf } from '../../../src/registry/params.js';
import { ramp } from '../shared/idx-bytes.js';
import { npyBytes } from '../shared/npy-bytes.js';
import { dataErrorOf, problem } from '../shared/rejection.js';
import { temporaryFolder, writeInto } from '../shared/temporary.js';
import { contextOf, noLimit, readAll } from './context.js';

const folder = temporaryFolder();
// Every pixel of image i is i, and so is its label.
const imageFile = (count: number): Uint8Array =>
  npyBytes(
    [count, 2, 3],
    ramp(count * 6).map((_, i) => Math.floor(i / 6)),
  );
const file = writeInto(folder, 'images.npy', imageFile(10));
const labels = writeInto(folder, 'labels.npy', npyBytes([10], ramp(10), { descr: '<i8' }));
const testFile = writeInto(folder, 'test-images.npy.gz', gzipSync(imageFile(4)));
const testLabels = writeInto(folder, 'test-labels.npy', npyBytes([4, 1], [0, 1, 2, 12], { descr: '|u1' }));
const points = writeInto(folder, 'points.npy', npyBytes([3, 2], [-1, 0.5, 2, 3, 4, 5], { descr: '<f4' }));
const unit = writeInto(folder, 'unit.npy', npyBytes([2, 2, 2], [0, 1, 0.4, 0.6, 1, 0, 0.5, 0.7], { descr: '>f8' }));
const flags = writeInto(folder, 'flags.npy', npyBytes([2, 4], [0, 1, 1, 0, 0, 0, 0, 1], { descr: '|b1' }));

type Params = ValuesOf<typeof npy.params>;
const load = (params: Partial<Params> = {}, seed = 1): Promise<Data> =>
  npy
    .build({
      file,
      labels: null,
      testFile: null,
      testLabels: null,
      divisor: null,
      support: 'auto',
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

describe('npy', () => {
  it('trains on all images unless told otherwise, bytes being k / 255', async () => {
    const data = await load();
    expect(data).toMatchObject({ shape: [2, 3, 1], numClasses: null, support: 'unit-interval' });
    expect(data.description).toBe('images.npy (NPY), values from 0 to 1');
    expect([rowsOf(data, 'train'), rowsOf(data, 'validation'), rowsOf(data, 'test')]).toEqual([ramp(10), [], []]);
    expect(readAll(data.splits.train, 6).x[59]).toBe(Math.fround(9 / 255));
  });

  it('cuts validation and test images from the end', async () => {
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
    const data = await load({ labels, testFile, testLabels, validation: 4, limit: { ...noLimit, test: 3 } });
    expect([rowsOf(data, 'train'), rowsOf(data, 'validation'), rowsOf(data, 'test')]).toEqual([ramp(6), [6, 7, 8, 9], ramp(3)]);
    expect([...readAll(data.splits.test, 6).labels]).toEqual([0, 1, 2]);
    expect(data.numClasses).toBe(13);
    expect(Object.keys(data.hashes)).toEqual([file, labels, testFile, testLabels]);
  });

  it('shuffles before it cuts, where it is asked to, and only for the seed', async () => {
    const params = { labels, validation: 3, test: 2, shuffle: true };
    const data = await load(params);
    const rows = (['train', 'validation', 'test'] as const).flatMap((split) => rowsOf(data, split));
    expect(rows).not.toEqual(ramp(10));
    expect(rows.toSorted((a, b) => a - b)).toEqual(ramp(10));
    expect([...readAll(data.splits.train, 6).labels]).toEqual(rows.slice(0, 5));
    expect(rowsOf(await load(params, 2), 'train')).not.toEqual(rows.slice(0, 5));
  });

  it('gives points as they are', async () => {
    const data = await load({ file: points });
    expect(data).toMatchObject({ shape: [2], support: 'real', description: 'points.npy (NPY), real values' });
    expect([...readAll(data.splits.train, 2).x]).toEqual([-1, 0.5, 2, 3, 4, 5]);
  });

  it('knows booleans for binary, and what it is told otherwise', async () => {
    const data = await load({ file: flags });
    expect(data).toMatchObject({ shape: [4], support: 'binary', description: 'flags.npy (NPY), values 0 and 1' });
    expect([...readAll(data.splits.train, 4).x]).toEqual([0, 1, 1, 0, 0, 0, 0, 1]);
    expect((await load({ file: flags, support: 'real' })).support).toBe('real');
    expect((await load({ divisor: 1 })).support).toBe('real');
    expect((await load({ divisor: 9 })).support).toBe('unit-interval');
  });

  it('binarizes grey values of any type', async () => {
    const data = await load({ file: unit, binarization: 'threshold' });
    expect(data).toMatchObject({ shape: [2, 2, 1], support: 'binary', description: 'unit.npy (NPY), binarized by a threshold at 0.5' });
    expect([...readAll(data.splits.train, 4).x]).toEqual([0, 1, 0, 1, 1, 0, 0, 1]);
  });

  const short = writeInto(folder, 'short.npy', imageFile(10).slice(0, -1));
  const infinite = writeInto(folder, 'infinite.npy', npyBytes([2, 2], [0, 1, 2, NaN], { descr: '<f4' }));
  const other = writeInto(folder, 'other.npy', npyBytes([4, 3, 2], ramp(24)));
  it.each([
    { params: { testLabels }, expected: problem('incomplete-params', { given: 'testLabels', missing: 'testFile' }) },
    { params: { labels, testFile }, expected: problem('incomplete-params', { given: 'labels', missing: 'testLabels' }) },
    { params: { testFile, testLabels }, expected: problem('incomplete-params', { given: 'testLabels', missing: 'labels' }) },
    { params: { testFile, test: 1 }, expected: problem('conflicting-params', { params: ['testFile', 'test'] }) },
    { params: { binarization: 'static', support: 'real' }, expected: problem('conflicting-params') },
    { params: { labels: testLabels }, expected: problem('count-mismatch', { numImages: 10, numLabels: 4 }) },
    { params: { testFile: other }, expected: problem('shape-mismatch') },
    { params: { file: labels }, expected: problem('unsupported-npy', { file: labels }) },
    { params: { labels: file }, expected: problem('unsupported-npy', { file }) },
    { params: { validation: 6, test: 4 }, expected: problem('split-too-large', { param: 'validation', asked: 6, available: 5 }) },
    { params: { file: `${folder}/none.npy` }, expected: problem('missing-file') },
    { params: { file: short }, expected: problem('truncated', { file: short }) },
    { params: { file: infinite }, expected: problem('value-out-of-range', { file: infinite, index: 3, range: 'a finite number' }) },
    {
      params: { file: points, binarization: 'dynamic' },
      expected: problem('value-out-of-range', { value: -1, range: 'a number from 0 to 1, to be binarized' }),
    },
    { params: { file: unit, support: 'binary' }, expected: problem('value-out-of-range', { index: 2, range: '0 or 1' }) },
  ] satisfies { params: Partial<Params>; expected: unknown }[])('refuses $params', async ({ params, expected }) => {
    expect(await dataErrorOf(() => load(params))).toMatchObject(expected);
  });
});

const python = process.env['LATENTLAB_PYTHON'] ?? 'python3';
const types = [
  'bool',
  'uint8',
  'int8',
  'uint16',
  '>i2',
  'int32',
  '>u4',
  'int64',
  '>i8',
  'uint64',
  'float16',
  '>f2',
  'float32',
  '>f4',
  'float64',
];
const script = `
import sys, numpy as np
from numpy.lib import format
folder, types = sys.argv[1], sys.argv[2:]
values = np.arange(24) % 7
for i, dtype in enumerate(types):
    array = values.reshape(2, 3, 4).astype(dtype)
    for order in "CF":
        with open(f"{folder}/{i}{order}.npy", "wb") as f:
            format.write_array(f, np.asarray(array, order=order), version=(1 + i % 3, 0))
np.save(f"{folder}/objects.npy", np.array([{}, None]), allow_pickle=True)
np.save(f"{folder}/records.npy", np.zeros(2, dtype=[("a", "f4"), ("b", "O")]), allow_pickle=True)
`;

describe('arrays that numpy wrote', () => {
  it('are read whatever their type, their order and their version', async (context) => {
    const probe = spawnSync(python, ['-c', 'import numpy'], { encoding: 'utf8' });
    if (probe.status !== 0) context.skip(`${python} has no package numpy; LATENTLAB_PYTHON can name one that has`);
    const { stderr } = spawnSync(python, ['-c', script, folder, ...types], { encoding: 'utf8' });
    expect(stderr).toBe('');
    for (const [i, type] of types.entries()) {
      const expected = Array.from({ length: 24 }, (_, k) => (type === 'bool' ? Number(k % 7 !== 0) : k % 7));
      for (const order of ['C', 'F']) {
        const data = await load({ file: join(folder, `${i}${order}.npy`), divisor: 1 });
        expect(data.shape).toEqual([3, 4, 1]);
        expect([...readAll(data.splits.train, 12).x], `${type} ${order}`).toEqual(expected);
      }
    }
    expect(await dataErrorOf(() => load({ file: join(folder, 'objects.npy') }))).toMatchObject(problem('python-objects'));
    expect(await dataErrorOf(() => load({ file: join(folder, 'records.npy') }))).toMatchObject(problem('unsupported-npy'));
  });
});
