import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import npz from '../../../src/components/datasets/npz.js';
import type { Data } from '../../../src/registry/contracts/index.js';
import type { ValuesOf } from '../../../src/registry/params.js';
import { ramp } from '../shared/idx-bytes.js';
import { npyBytes } from '../shared/npy-bytes.js';
import { dataErrorOf, problem } from '../shared/rejection.js';
import { temporaryFolder, writeInto } from '../shared/temporary.js';
import { contextOf, noLimit, readAll } from './context.js';

const folder = temporaryFolder();
const arrays = {
  'x_train.npy': npyBytes([6, 2], ramp(12)),
  'y_train.npy': npyBytes([6], [0, 1, 2, 0, 1, 2], { descr: '<i8' }),
  'x_test.npy': npyBytes([2, 2], [100, 101, 102, 103]),
  'y_test.npy': npyBytes([2], [2, 1], { descr: '<i8' }),
};
const archive = (level: 0 | 6): string => writeInto(folder, `digits-${level}.npz`, zipSync(arrays, { level }));
const [packed, stored] = [archive(6), archive(0)];
const bytesOf = (data: Data, split: 'train' | 'validation' | 'test'): number[] =>
  [...readAll(data.splits[split], 2).x].map((value) => Math.round(value * 255));

type Params = ValuesOf<typeof npz.params>;
const load = (params: Partial<Params> = {}): Promise<Data> =>
  npz
    .build({
      file: packed,
      array: null,
      labels: null,
      testArray: null,
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
    .load(contextOf());
const all = { array: 'x_train', labels: 'y_train', testArray: 'x_test', testLabels: 'y_test' };

describe('npz', () => {
  it.each([packed, stored])('has its splits from arrays by name: %s', async (file) => {
    const data = await load({ ...all, file, validation: 2 });
    expect(data).toMatchObject({ shape: [2], numClasses: 3, support: 'unit-interval' });
    expect([bytesOf(data, 'train'), bytesOf(data, 'validation'), bytesOf(data, 'test')]).toEqual([
      ramp(8),
      [8, 9, 10, 11],
      [100, 101, 102, 103],
    ]);
    expect([...readAll(data.splits.test, 2).labels]).toEqual([2, 1]);
    expect(Object.keys(data.hashes)).toEqual([file]);
  });

  it('needs no name for the only array that is left', async () => {
    const data = await load({ ...all, array: null });
    expect(data.description).toBe('x_train of digits-6.npz (NPZ), values from 0 to 1');
    expect(bytesOf(data, 'train')).toEqual(ramp(12));
  });

  it('keeps arrays apart, stored ones too, when one of them is binarized', async () => {
    const data = await load({ ...all, testArray: 'x_train', testLabels: 'y_train', file: stored, divisor: 10, binarization: 'none' });
    expect(readAll(data.splits.test, 2).x).toEqual(readAll(data.splits.train, 2).x);
    const binary = await load({
      ...all,
      testArray: 'x_train',
      testLabels: 'y_train',
      file: stored,
      divisor: 11,
      binarization: 'threshold',
    });
    const expected = ramp(12).map((value) => Number(value / 11 > 0.5));
    expect([...readAll(binary.splits.train, 2).x]).toEqual(expected);
    expect([...readAll(binary.splits.test, 2).x]).toEqual(expected);
  });

  const noArchive = writeInto(folder, 'array.npz', arrays['x_train.npy']);
  const objects = writeInto(folder, 'objects.npz', zipSync({ 'a.npy': npyBytes([1], [], { descr: '|O' }) }));
  const short = writeInto(folder, 'short.npz', zipSync(arrays).slice(0, -40));
  it.each([
    { params: {}, expected: problem('several-arrays', { param: 'array', arrays: ['x_train', 'y_train', 'x_test', 'y_test'] }) },
    { params: { array: 'x' }, expected: problem('no-such-array', { param: 'array', array: 'x' }) },
    { params: { labels: 'y-train' }, expected: problem('no-such-array', { param: 'labels', suggestion: 'y_train' }) },
    { params: { ...all, labels: 'y_test' }, expected: problem('count-mismatch', { numImages: 6, numLabels: 2 }) },
    { params: { array: 'x_train', testLabels: 'y_test' }, expected: problem('incomplete-params', { missing: 'testArray' }) },
    { params: { array: 'x_train', testArray: 'x_test', test: 1 }, expected: problem('conflicting-params') },
    { params: { array: 'y_train' }, expected: problem('unsupported-npy', { file: `array y_train of ${packed}` }) },
    { params: { file: noArchive }, expected: problem('bad-archive', { file: noArchive }) },
    { params: { file: objects }, expected: problem('python-objects') },
    { params: { file: short }, expected: problem('bad-archive', { file: short }) },
    { params: { file: `${folder}/none.npz` }, expected: problem('missing-file') },
  ] satisfies { params: Partial<Params>; expected: unknown }[])('refuses $params', async ({ params, expected }) => {
    expect(await dataErrorOf(() => load(params))).toMatchObject(expected);
  });
});

const python = process.env['LATENTLAB_PYTHON'] ?? 'python3';
const script = `
import sys, numpy as np
x = np.arange(24, dtype=np.float32).reshape(4, 2, 3, 1) / 23
for name, save in (("plain", np.savez), ("packed", np.savez_compressed)):
    save(f"{sys.argv[1]}/{name}.npz", x=x, y=np.array([3, 1, 0, 2]))
`;

describe('an archive that numpy wrote', () => {
  it('is read, compressed or not', async (context) => {
    const probe = spawnSync(python, ['-c', 'import numpy'], { encoding: 'utf8' });
    if (probe.status !== 0) context.skip(`${python} has no package numpy; LATENTLAB_PYTHON can name one that has`);
    expect(spawnSync(python, ['-c', script, folder], { encoding: 'utf8' }).stderr).toBe('');
    for (const name of ['plain', 'packed']) {
      const data = await load({ file: join(folder, `${name}.npz`), labels: 'y' });
      expect(data).toMatchObject({ shape: [2, 3, 1], numClasses: 4, support: 'unit-interval' });
      const { x, labels } = readAll(data.splits.train, 6);
      expect(x).toEqual(Float32Array.from({ length: 24 }, (_, i) => Math.fround(i) / Math.fround(23)));
      expect([...labels]).toEqual([3, 1, 0, 2]);
    }
  });
});
