import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { md5 } from '../../../src/components/shared/data-file.js';
import { readMnistFile, type MnistFile, type MnistPlaces } from '../../../src/components/shared/mnist-files.js';
import { fail, serve, startMirror } from './mirror.js';
import { dataErrorOf, problem } from './rejection.js';
import { temporaryFolder, writeInto } from './temporary.js';

// A small file stands for the large ones: what is recognised is the hash.
const content = Buffer.from('all the digits');
const packed = gzipSync(content);
const file: MnistFile = { name: 'train-images-idx3-ubyte', hash: md5(content) };

const root = temporaryFolder();
let numFolders = 0;
const newFolder = (files: Readonly<Record<string, Uint8Array>> = {}): string => {
  const folder = join(root, String(numFolders++));
  mkdirSync(folder);
  for (const [name, bytes] of Object.entries(files)) writeInto(folder, name, bytes);
  return folder;
};
const read = (places: Partial<MnistPlaces>): Promise<Uint8Array> =>
  readMnistFile(file, { folder: null, dataFolder: null, cacheFolder: newFolder(), mirrors: [], log: () => undefined, ...places });

describe('an MNIST file', () => {
  it.each([
    { name: 'train-images-idx3-ubyte.gz', bytes: packed },
    { name: 'train-images-idx3-ubyte', bytes: content },
    { name: 'train-images.idx3-ubyte', bytes: content },
    // Browsers unpack downloads and keep the name.
    { name: 'train-images-idx3-ubyte.gz', bytes: content },
  ])('is found as $name in the folder of the experiment and in the data folder', async ({ name, bytes }) => {
    const folder = newFolder({ [name]: bytes });
    expect(Buffer.from(await read({ folder }))).toEqual(content);
    expect(Buffer.from(await read({ dataFolder: folder }))).toEqual(content);
  });

  it('is found in the subfolder mnist of the data folder', async () => {
    const dataFolder = newFolder();
    mkdirSync(join(dataFolder, 'mnist'));
    writeInto(join(dataFolder, 'mnist'), 'train-images-idx3-ubyte.gz', packed);
    expect(Buffer.from(await read({ dataFolder }))).toEqual(content);
  });

  it('is looked for nowhere else when the experiment names a folder', async () => {
    const mirror = await startMirror(serve(packed));
    const folder = newFolder();
    const error = await dataErrorOf(() => read({ folder, dataFolder: newFolder({ [file.name]: content }), mirrors: [mirror.url] }));
    expect(error).toMatchObject(problem('missing-file', { file: file.name }));
    expect(error.message).toContain(join(folder, 'train-images-idx3-ubyte.gz'));
    expect(error.message).toContain('LATENTLAB_DATA');
    expect(mirror.asked).toEqual([]);
  });

  it('that is another file is refused, not replaced', async () => {
    const other = Buffer.from('all the shoes');
    const mirror = await startMirror(serve(packed));
    for (const bytes of [other, gzipSync(other)]) {
      const folder = newFolder({ 'train-images-idx3-ubyte.gz': bytes });
      const expected = problem('wrong-hash', { expected: file.hash, actual: md5(other) });
      expect(await dataErrorOf(() => read({ folder }))).toMatchObject(expected);
      expect(await dataErrorOf(() => read({ dataFolder: folder, mirrors: [mirror.url] }))).toMatchObject(expected);
    }
    expect(mirror.asked).toEqual([]);
  });

  it('that is truncated gzip is refused', async () => {
    const folder = newFolder({ 'train-images-idx3-ubyte.gz': packed.subarray(0, 20) });
    expect(await dataErrorOf(() => read({ folder }))).toMatchObject(problem('bad-gzip'));
  });

  it('is downloaded once, by its name below the mirror’s base URL, and then read from the cache', async () => {
    const mirror = await startMirror(serve(packed));
    const cacheFolder = newFolder();
    for (const mirrors of [[`${mirror.url}/base/`], [`${mirror.url}/base`], []]) {
      expect(Buffer.from(await read({ cacheFolder, mirrors }))).toEqual(content);
    }
    expect(mirror.asked).toEqual(['/base/train-images-idx3-ubyte.gz']);
    expect(readFileSync(join(cacheFolder, 'mnist', 'train-images-idx3-ubyte.gz'))).toEqual(packed);
  });

  it('that is damaged in the cache is downloaded again, and that is said', async () => {
    const mirror = await startMirror(serve(packed));
    const cacheFolder = newFolder();
    mkdirSync(join(cacheFolder, 'mnist'));
    const said: string[] = [];
    for (const damaged of [packed.subarray(0, 20), Buffer.from('something else')]) {
      const path = writeInto(join(cacheFolder, 'mnist'), 'train-images-idx3-ubyte.gz', damaged);
      expect(Buffer.from(await read({ cacheFolder, mirrors: [mirror.url], log: (line) => said.push(line) }))).toEqual(content);
      expect(readFileSync(path)).toEqual(packed);
    }
    expect(said.filter((line) => line.includes('is damaged')).length).toBe(2);
  });

  it('comes from the next mirror when one has another file, and is never kept when it is wrong', async () => {
    const [wrong, broken, good] = [
      await startMirror(serve(gzipSync('other'))),
      await startMirror(serve(packed.subarray(0, 20))),
      await startMirror(serve(packed)),
    ];
    const cacheFolder = newFolder();
    const error = await dataErrorOf(() => read({ cacheFolder, mirrors: [wrong.url, broken.url] }));
    expect(error.code).toBe('download-failed');
    expect(existsSync(join(cacheFolder, 'mnist', 'train-images-idx3-ubyte.gz'))).toBe(false);
    expect(Buffer.from(await read({ cacheFolder, mirrors: [wrong.url, broken.url, good.url] }))).toEqual(content);
  });

  it('that cannot be had is an error that says what to do', async () => {
    const mirror = await startMirror(fail(500));
    const dataFolder = newFolder();
    const error = await dataErrorOf(() => read({ dataFolder, mirrors: [mirror.url] }));
    expect(error.code).toBe('download-failed');
    for (const part of ['t10k-labels-idx1-ubyte.gz', 'LATENTLAB_DATA', 'mnist-10k', dataFolder, '500'])
      expect(error.message).toContain(part);
  });
});
