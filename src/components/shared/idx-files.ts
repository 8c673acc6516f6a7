/** Pairs of IDX files, images and their labels, as users name them. */
import { resolve } from 'node:path';
import { decompress, readIfThere, sha256 } from './data-file.js';
import { DataError } from './data-error.js';
import { parseImages, parseLabels } from './idx.js';
import type { LabelledImages } from './image-data.js';
import type { Images } from './images.js';

interface HashedImages extends LabelledImages {
  /** Of the unpacked files, under the names they were given by. */
  readonly hashes: Readonly<Record<string, string>>;
}

const read = async (file: string): Promise<Uint8Array> => {
  const path = resolve(file);
  const bytes = await readIfThere(path);
  if (bytes === null)
    throw new DataError('missing-file', { file, lookedFor: [path], help: 'Relative paths start at the current directory.' });
  return decompress(bytes, file);
};

/**
 * @param labelsFile Null where there are no labels.
 * @throws DataError missing-file, unreadable-file, bad-gzip, count-mismatch, and what parseImages and parseLabels throw
 */
export const readIdxFiles = async (imagesFile: string, labelsFile: string | null): Promise<HashedImages> => {
  const imageBytes = await read(imagesFile);
  const images = parseImages(imageBytes, imagesFile);
  const hashes = { [imagesFile]: sha256(imageBytes) };
  if (labelsFile === null) return { images, labels: null, hashes };
  const labelBytes = await read(labelsFile);
  const labels = parseLabels(labelBytes, labelsFile);
  if (labels.length !== images.count) {
    throw new DataError('count-mismatch', { images: imagesFile, numImages: images.count, labels: labelsFile, numLabels: labels.length });
  }
  return { images, labels, hashes: { ...hashes, [labelsFile]: sha256(labelBytes) } };
};

/** @throws DataError shape-mismatch */
export const assertSameShape = (train: Images, test: Images): void => {
  if (train.shape.join() !== test.shape.join()) {
    throw new DataError('shape-mismatch', { train: train.file, trainShape: train.shape, test: test.file, testShape: test.shape });
  }
};

/** One more than the largest label; null without labels. */
export const countClasses = (...labels: readonly (Int32Array | null)[]): number | null => {
  const largest = labels.reduce((max, each) => each?.reduce((a, b) => Math.max(a, b), max) ?? max, -1);
  return largest < 0 ? null : largest + 1;
};
