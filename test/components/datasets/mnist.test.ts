import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import mnist10k from '../../../src/components/datasets/mnist-10k.js';
import mnist from '../../../src/components/datasets/mnist.js';
import type { Data, LoadContext } from '../../../src/registry/contracts/index.js';
import type { ValuesOf } from '../../../src/registry/params.js';
import { idxBytes, ramp } from '../shared/idx-bytes.js';
import { fail, startMirror } from '../shared/mirror.js';
import { dataErrorOf, problem } from '../shared/rejection.js';
import { temporaryFolder, writeInto } from '../shared/temporary.js';
import { contextOf, noLimit, readAll } from './context.js';

const SIZE = 28 * 28;
const load = (params: Partial<ValuesOf<typeof mnist.params>> = {}, context: Partial<LoadContext> = {}): Promise<Data> =>
  mnist.build({ binarization: 'none', validation: 10_000, limit: noLimit, folder: null, mirrors: [], ...params }).load(contextOf(context));

describe('mnist', () => {
  it('knows before loading what it is', () => {
    const { facts } = mnist.build({ binarization: 'dynamic', validation: 1, limit: noLimit, folder: null, mirrors: [] });
    expect(facts).toEqual({ shape: [28, 28, 1], numClasses: 10, support: 'binary' });
  });

  it('is an error with a way out when it is not there and cannot be downloaded', async () => {
    const folder = temporaryFolder();
    expect(await dataErrorOf(() => load({ folder }))).toMatchObject(problem('missing-file', { file: 'train-images-idx3-ubyte' }));
    const error = await dataErrorOf(() => load({}, { cacheFolder: folder }));
    expect(error).toMatchObject(problem('download-failed', { attempts: [] }));
    for (const part of ['LATENTLAB_DATA', 'mnist-10k']) expect(error.message).toContain(part);
    const { url, asked } = await startMirror(fail(503));
    expect((await dataErrorOf(() => load({ mirrors: [url] }, { cacheFolder: folder }))).code).toBe('download-failed');
    expect(asked).toEqual(['/train-images-idx3-ubyte.gz']);
    expect((await dataErrorOf(() => load({ mirrors: [url] }))).code).toBe('unwritable-cache');
  });

  it('refuses other data under the names of its files', async () => {
    const folder = temporaryFolder();
    writeInto(folder, 'train-images-idx3-ubyte', idxBytes([2, 28, 28], ramp(2 * SIZE)));
    expect(await dataErrorOf(() => load({ folder }))).toMatchObject(problem('wrong-hash'));
  });
});

const dataFolder = process.env['LATENTLAB_DATA'];
describe.skipIf(dataFolder === undefined)('mnist from LATENTLAB_DATA (skipped: set it to the folder of the four files)', () => {
  const context = { dataFolder: dataFolder ?? null };

  it('has 50,000 training, 10,000 validation and 10,000 test images in the files’ order', async () => {
    const { splits, hashes, description } = await load({}, context);
    const [train, validation, test] = [readAll(splits.train, SIZE), readAll(splits.validation, SIZE), readAll(splits.test, SIZE)];
    expect([train, validation, test].map(({ labels }) => labels.length)).toEqual([50_000, 10_000, 10_000]);
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect([...test.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    // The mean that every tutorial normalises with, over all 60,000.
    const sum = [train, validation].reduce((total, { x }) => x.reduce((a, b) => a + b, total), 0);
    expect(sum / (60_000 * SIZE)).toBeCloseTo(0.130_66, 5);
    expect(hashes['t10k-images-idx3-ubyte']).toBe('md5:2646ac647ad5339dbf082846283269ea');
    expect(description).toBe('MNIST, grey values from 0 to 1, not binarized');
  });

  it('begins with the images of mnist-10k', async () => {
    const { splits } = await load({ limit: { ...noLimit, train: 10_000 } }, context);
    const small = await mnist10k.build({ binarization: 'none', validation: 0, test: 0, limit: noLimit }).load(contextOf());
    const sorted = (data: Data): string[] => {
      const { x, labels } = readAll(data.splits.train, SIZE);
      return Array.from(
        labels,
        (label, i) =>
          `${String(label)} ${Buffer.from(x.subarray(i * SIZE, (i + 1) * SIZE).map((value) => value * 255)).toString('latin1')}`,
      ).sort();
    };
    const [all, packaged] = [sorted({ ...small, splits }), sorted(small)];
    expect(all.length).toBe(10_000);
    expect(all.every((image, i) => image === packaged[i])).toBe(true);
  });

  it('keeps an example’s static sample when the split is another', async () => {
    const limit = { train: 10, validation: 10, test: 10 };
    const [small, large] = [
      await load({ binarization: 'static', limit }, context),
      await load({ binarization: 'static', validation: 59_980, limit }, context),
    ];
    for (const name of ['train', 'test'] as const) expect(readAll(large.splits[name], SIZE).x).toEqual(readAll(small.splits[name], SIZE).x);
  });

  it('is downloaded from a mirror into the cache, all four files, and then needs none', async () => {
    const nested = join(dataFolder ?? '', 'mnist');
    const folder = existsSync(nested) ? nested : (dataFolder ?? '');
    const { url, asked } = await startMirror(async (response, path) => {
      response.end(await readFile(join(folder, basename(path))));
    });
    const cacheFolder = temporaryFolder();
    await load({ mirrors: [url] }, { cacheFolder });
    expect((await load({ mirrors: [url] }, { cacheFolder })).splits.test.count).toBe(10_000);
    expect(asked).toEqual(
      ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'].map((name) => `/${name}-ubyte.gz`),
    );
  });
});
