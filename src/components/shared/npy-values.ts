/** The values of NPY arrays as examples and as labels. */
import { DataError } from './data-error.js';
import type { Images } from './images.js';
import { convertNpy, type NpyArray } from './npy.js';

const shapeWords = (shape: readonly number[]): string => `an array of shape (${shape.join(', ')})`;
const countOf = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);

/** Colours before pixels, as PyTorch has them, would be taken for images of three rows. */
const assertChannelsLast = (file: string, shape: readonly number[]): void => {
  const [, second = 0, , last = 0] = shape;
  if (shape.length !== 4 || second > 4 || last <= 4) return;
  throw new DataError('unsupported-npy', {
    file,
    found: `${shapeWords(shape)}, channels first by all appearances`,
    supported: '(examples, height, width, channels)',
    help: 'Save array.transpose(0, 2, 3, 1) instead.',
  });
};

/** Unsigned bytes 0 and 1 are as likely a mask as an image: nothing is guessed. */
const assertNotMask = (file: string, bytes: Uint8Array): void => {
  if (bytes.includes(1) && !bytes.some((byte) => byte > 1)) throw new DataError('ambiguous-bytes', { file, divisor: 255 });
};

/** Bytes that stand for k / 255; null where the array is no such thing. */
const toBytes = (array: NpyArray, divisor: number | null): Uint8Array | null => {
  const { file, code, view, isFortran } = array;
  const [isBytes, isFlags] = [code === 'u1' && (divisor ?? 255) === 255, code === 'b1' && (divisor ?? 1) === 1];
  if (!isBytes && !isFlags) return null;
  const bytes = isFortran
    ? convertNpy(array, new Uint8Array(view.byteLength))
    : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  if (isFlags) return bytes.map((byte) => (byte === 0 ? 0 : 255));
  if (divisor === null) assertNotMask(file, bytes);
  return bytes;
};

/**
 * Examples [N, D], [N, H, W] or [N, H, W, C]. Unsigned bytes may stay a view of the file.
 * @param divisor What values are divided by; null for 255 of uint8 and 1 of the rest.
 * @throws DataError unsupported-npy, no-examples, ambiguous-bytes
 */
export const toImages = (array: NpyArray, divisor: number | null): Images => {
  const { file, shape: whole } = array;
  const [count = 0, ...axes] = whole;
  if (axes.length < 1 || axes.length > 3)
    throw new DataError('unsupported-npy', {
      file,
      found: shapeWords(whole),
      supported: 'two to four axes, the first of which counts the examples',
      help: 'For examples of one number each, save array.reshape(-1, 1).',
    });
  if (countOf(whole) === 0) throw new DataError('no-examples', { file });
  assertChannelsLast(file, whole);
  const shape = axes.length === 2 ? [...axes, 1] : axes;
  const pixels = toBytes(array, divisor) ?? convertNpy(array, new Float32Array(countOf(whole)), divisor ?? (array.code === 'u1' ? 255 : 1));
  return { file, count, shape, pixels };
};

/**
 * Labels [N] or [N, 1].
 * @throws DataError unsupported-npy, value-out-of-range
 */
export const toLabels = (array: NpyArray): Int32Array => {
  const { file, type, shape } = array;
  const [count = 0, width = 1] = shape;
  if (shape.length < 1 || shape.length > 2 || width !== 1)
    throw new DataError('unsupported-npy', {
      file,
      found: shapeWords(shape),
      supported: 'one class per example, of shape (examples)',
      help: 'Of one-hot rows, save array.argmax(axis=1).',
    });
  if (type.isFloat)
    throw new DataError('unsupported-npy', {
      file,
      found: type.words,
      supported: 'classes as whole numbers',
      help: "Save array.astype('int32').",
    });
  const values = convertNpy(array, new Float64Array(count));
  const index = values.findIndex((value) => value < 0 || value >= 2 ** 31 - 1);
  if (index >= 0) throw new DataError('value-out-of-range', { file, index, value: values[index] ?? NaN, range: 'classes counted from 0' });
  return Int32Array.from(values);
};
