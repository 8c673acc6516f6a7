import { relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/components/shared/data-file.js';
import { assertSameShape, countClasses, readIdxFiles } from '../../../src/components/shared/idx-files.js';
import { parseImages } from '../../../src/components/shared/idx.js';
import { idxBytes, ramp } from './idx-bytes.js';
import { dataErrorOf, problem } from './rejection.js';
import { temporaryFolder, writeInto } from './temporary.js';

const folder = temporaryFolder();
const imageBytes = idxBytes([3, 2, 2], ramp(12));
const labelBytes = idxBytes([3], [4, 0, 9]);
const images = writeInto(folder, 'images', imageBytes);
const labels = writeInto(folder, 'labels', labelBytes);

describe('a pair of IDX files', () => {
  it('is read with the hashes of its contents, packed or not', async () => {
    const pair = await readIdxFiles(images, labels);
    expect([...pair.images.pixels]).toEqual(ramp(12));
    expect(pair.labels).toEqual(Int32Array.of(4, 0, 9));
    expect(pair.hashes).toEqual({ [images]: sha256(imageBytes), [labels]: sha256(labelBytes) });
    const packed = writeInto(folder, 'images.gz', gzipSync(imageBytes));
    expect((await readIdxFiles(packed, null)).hashes).toEqual({ [packed]: sha256(imageBytes) });
    expect((await readIdxFiles(packed, null)).labels).toBeNull();
  });

  it('may be named from the current directory', async () => {
    expect((await readIdxFiles(relative('.', images), relative('.', labels))).images.count).toBe(3);
  });

  it('must be there', async () => {
    const missing = `${folder}/nowhere`;
    expect(await dataErrorOf(() => readIdxFiles(missing, null))).toMatchObject(
      problem('missing-file', { file: missing, lookedFor: [missing] }),
    );
    expect(await dataErrorOf(() => readIdxFiles(images, missing))).toMatchObject(problem('missing-file', { file: missing }));
    expect(await dataErrorOf(() => readIdxFiles(folder, null))).toMatchObject(problem('unreadable-file', { file: folder }));
  });

  it('must hold as many labels as images', async () => {
    const two = writeInto(folder, 'two-labels', idxBytes([2], [1, 2]));
    expect(await dataErrorOf(() => readIdxFiles(images, two))).toMatchObject(problem('count-mismatch', { numImages: 3, numLabels: 2 }));
  });

  it('must not be swapped', async () => {
    expect(await dataErrorOf(() => readIdxFiles(labels, images))).toMatchObject(problem('labels-as-images', { file: labels }));
    expect(await dataErrorOf(() => readIdxFiles(images, images))).toMatchObject(problem('images-as-labels', { file: images }));
  });

  it('must not be cut off, packed or not', async () => {
    const cutOff = writeInto(folder, 'cut-off', imageBytes.slice(0, -1));
    const packedCutOff = writeInto(folder, 'cut-off.gz', gzipSync(imageBytes).subarray(0, -4));
    expect(await dataErrorOf(() => readIdxFiles(cutOff, null))).toMatchObject(problem('truncated', { file: cutOff }));
    expect(await dataErrorOf(() => readIdxFiles(packedCutOff, null))).toMatchObject(problem('bad-gzip', { file: packedCutOff }));
  });
});

describe('training and test images', () => {
  const [train, test] = [parseImages(imageBytes, 'train'), parseImages(idxBytes([3, 4, 1], ramp(12)), 'test')];
  it('must be of one size', async () => {
    expect(await dataErrorOf(() => assertSameShape(train, test))).toMatchObject(
      problem('shape-mismatch', { trainShape: [2, 2, 1], testShape: [4, 1, 1] }),
    );
    assertSameShape(train, train);
  });
});

describe('countClasses', () => {
  it('counts up to the largest label of all files', () => {
    expect(countClasses(Int32Array.of(0, 3), Int32Array.of(5, 1))).toBe(6);
    expect(countClasses(Int32Array.of(0), null)).toBe(1);
    expect(countClasses(null, null)).toBeNull();
  });
});
