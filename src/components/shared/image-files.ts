/** Decodes the listed image files of a data set into memory, once, as bytes; all must agree in size and channels. */
import { createHash } from 'node:crypto';
import { splitNames, type SplitName } from '../../registry/contracts/index.js';
import { DataError } from './data-error.js';
import { readIfThere, sha256 } from './data-file.js';
import type { LabelledImages, SplitRows } from './image-data.js';
import { openDecoder, type Decode, type DecodedImage, type Wanted } from './image-decoder.js';
import type { ImageListing } from './image-listing.js';
import type { SplitListings } from './image-splits.js';

/** As many images are read and decoded side by side; a handful keeps libuv's four threads busy. */
const CHUNK = 16;

const plural = (count: number, one: string, many: string): string => `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** The first image of a data set: what the others are held against. */
interface FirstImage extends DecodedImage {
  readonly file: string;
}

const decodeFile = async (file: string, decode: Decode, wanted: Wanted): Promise<{ readonly image: FirstImage; readonly hash: string }> => {
  const bytes = await readIfThere(file);
  if (bytes === null) throw new DataError('unreadable-file', { file, reason: 'it is not there, or is a link to nothing' });
  return { image: { ...(await decode(bytes, file, wanted)), file }, hash: sha256(bytes) };
};

const assertAgree = (first: FirstImage, other: FirstImage): void => {
  if (first.size.join() !== other.size.join())
    throw new DataError('images-differ', {
      param: 'size',
      first: first.file,
      firstHas: first.size,
      other: other.file,
      otherHas: other.size,
    });
  if (first.channels !== other.channels)
    throw new DataError('images-differ', {
      param: 'channels',
      first: first.file,
      firstHas: [first.channels],
      other: other.file,
      otherHas: [other.channels],
    });
};

const allocate = (bytes: number, folder: string): Uint8Array => {
  try {
    return new Uint8Array(bytes);
  } catch (error) {
    if (error instanceof RangeError) throw new DataError('too-many-pixels', { folder, bytes });
    throw error;
  }
};

/** Decodes files `rows` of a listing, each to its own place among all: memory that no image is written to is never taken. */
const decodeRows = async (
  { folder, files, labels }: ImageListing,
  rows: Int32Array,
  decode: Decode,
  wanted: Wanted,
  first: FirstImage,
): Promise<{ readonly source: LabelledImages; readonly hash: string }> => {
  const imageSize = first.pixels.length;
  const pixels = allocate(files.length * imageSize, folder);
  const hash = createHash('sha256');
  const ordered = rows.toSorted();
  for (let start = 0; start < ordered.length; start += CHUNK) {
    const chunk = ordered.subarray(start, start + CHUNK);
    const results = await Promise.allSettled(Array.from(chunk, (row) => decodeFile(files[row] ?? '', decode, wanted)));
    for (const [i, result] of results.entries()) {
      // The first broken file by name, whichever was found first.
      if (result.status === 'rejected') throw result.reason;
      const { image, hash: contentHash } = result.value;
      assertAgree(first, image);
      pixels.set(image.pixels, (chunk[i] ?? 0) * imageSize);
      hash.update(`${image.file.slice(folder.length)} ${contentHash}\n`);
    }
  }
  const images = { file: folder, count: files.length, shape: [...first.size, first.channels], pixels };
  return { source: { images, labels }, hash: `sha256:${hash.digest('hex')}` };
};

export interface DecodedSplits {
  readonly splits: Readonly<Record<SplitName, SplitRows>>;
  /** By folder: of the files that were read, by name and content. */
  readonly hashes: Readonly<Record<string, string>>;
}

const concat = (...parts: readonly Int32Array[]): Int32Array => Int32Array.from(parts.flatMap((part) => [...part]));

/**
 * Decodes the images of the splits' rows, and no others. Rows of a split without a listing are rows of the training images.
 * @throws DataError no-image-decoder, unreadable-file, bad-image, images-differ, too-many-pixels
 */
export const decodeSplits = async (
  listings: SplitListings,
  rows: Readonly<Record<SplitName, Int32Array>>,
  wanted: Wanted,
  log: (line: string) => void,
): Promise<DecodedSplits> => {
  const { train } = listings;
  const decode = await openDecoder();
  const own = (name: 'validation' | 'test'): Int32Array => (listings[name] === null ? rows[name] : new Int32Array(0));
  const ofTrain = concat(rows.train, own('validation'), own('test'));
  const numImages = splitNames.reduce((count, name) => count + rows[name].length, 0);
  const numOthers = splitNames.reduce((count, name) => count + (listings[name]?.others ?? 0), 0);
  const classes = train.classNames === null ? '' : ` of ${plural(train.classNames.length, 'class', 'classes')}`;
  const others = numOthers === 0 ? '' : `; ${plural(numOthers, 'other file is', 'other files are')} passed over`;
  log(`${train.folder}: decoding ${plural(numImages, 'image', 'images')}${classes}${others}`);

  const { image: first } = await decodeFile(train.files[ofTrain.toSorted()[0] ?? 0] ?? '', decode, wanted);
  const hashes: Record<string, string> = {};
  const read = async (listing: ImageListing, ofListing: Int32Array): Promise<LabelledImages> => {
    const { source, hash } = await decodeRows(listing, ofListing, decode, wanted, first);
    hashes[listing.folder] = hash;
    return source;
  };
  const source = await read(train, ofTrain);
  const other = async (name: 'validation' | 'test'): Promise<SplitRows> => {
    const listing = listings[name];
    return { source: listing === null ? source : await read(listing, rows[name]), rows: rows[name] };
  };
  const [validation, test] = [await other('validation'), await other('test')];
  return { splits: { train: { source, rows: rows.train }, validation, test }, hashes };
};
