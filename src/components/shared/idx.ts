/**
 * The IDX format of the MNIST files: two zero bytes, the values' type, the number of axes, the length of each axis as a
 * big-endian 32-bit integer, then the values row by row, big-endian.
 * Source: http://yann.lecun.com/exdb/mnist
 */
import { DataError } from './data-error.js';
import type { Images } from './images.js';

interface ValueType {
  readonly words: string;
  readonly bytes: number;
  read(view: DataView, at: number): number;
}

const valueTypes: Readonly<Record<number, ValueType>> = {
  0x08: { words: 'unsigned bytes', bytes: 1, read: (view, at) => view.getUint8(at) },
  0x09: { words: 'signed bytes', bytes: 1, read: (view, at) => view.getInt8(at) },
  0x0b: { words: '16-bit integers', bytes: 2, read: (view, at) => view.getInt16(at) },
  0x0c: { words: '32-bit integers', bytes: 4, read: (view, at) => view.getInt32(at) },
  0x0d: { words: '32-bit floats', bytes: 4, read: (view, at) => view.getFloat32(at) },
  0x0e: { words: '64-bit floats', bytes: 8, read: (view, at) => view.getFloat64(at) },
};
const UNSIGNED_BYTE = 0x08;
const FLOATS: readonly number[] = [0x0d, 0x0e];

interface Idx {
  readonly typeCode: number;
  readonly type: ValueType;
  readonly dims: readonly number[];
  /** The values' bytes. */
  readonly view: DataView;
}

const parse = (bytes: Uint8Array, file: string): Idx => {
  if (bytes.length < 4) throw new DataError('truncated', { file, bytes: bytes.length, expectedBytes: 4 });
  const [zero, alsoZero, typeCode = 0, numAxes = 0] = bytes;
  const type = valueTypes[typeCode];
  if (zero !== 0 || alsoZero !== 0 || type === undefined || numAxes === 0)
    throw new DataError('not-idx', { file, firstBytes: bytes.slice(0, 4) });
  const header = 4 + 4 * numAxes;
  if (bytes.length < header) throw new DataError('truncated', { file, bytes: bytes.length, expectedBytes: header });
  const whole = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const dims = Array.from({ length: numAxes }, (_, i) => whole.getUint32(4 + 4 * i));
  const expectedBytes = dims.reduce((product, dim) => product * dim, type.bytes) + header;
  if (bytes.length < expectedBytes) throw new DataError('truncated', { file, bytes: bytes.length, expectedBytes });
  if (bytes.length > expectedBytes) throw new DataError('trailing-bytes', { file, bytes: bytes.length, expectedBytes });
  return { typeCode, type, dims, view: new DataView(bytes.buffer, bytes.byteOffset + header, bytes.length - header) };
};

const convert = <A extends Float32Array | Int32Array>({ type, view }: Idx, out: A): A => {
  for (let i = 0; i < out.length; i++) out[i] = type.read(view, i * type.bytes);
  return out;
};

/**
 * Images from the (unpacked) bytes of an IDX file: [N, H, W], [N, H, W, C] or, for points, [N, D]. Unsigned bytes stay a view
 * of `bytes`; floats must lie in [0, 1].
 * @throws DataError truncated, trailing-bytes, not-idx, labels-as-images, unsupported-idx, no-examples, value-out-of-range
 */
export const parseImages = (bytes: Uint8Array, file: string): Images => {
  const idx = parse(bytes, file);
  const { typeCode, type, dims, view } = idx;
  const [count = 0, ...axes] = dims;
  if (axes.length === 0) throw new DataError('labels-as-images', { file, count });
  const isFloat = FLOATS.includes(typeCode);
  if (axes.length > 3 || !(typeCode === UNSIGNED_BYTE || isFloat)) {
    const supported = 'unsigned bytes, or floats from 0 to 1, with two to four axes (the first counts the examples)';
    throw new DataError('unsupported-idx', { file, found: `${type.words} with ${String(dims.length)} axes`, supported });
  }
  if (view.byteLength === 0) throw new DataError('no-examples', { file });
  const shape = axes.length === 2 ? [...axes, 1] : axes;
  if (!isFloat) return { file, count, shape, pixels: new Uint8Array(view.buffer, view.byteOffset, view.byteLength) };
  const pixels = convert(idx, new Float32Array(view.byteLength / type.bytes));
  const index = pixels.findIndex((value) => !(value >= 0 && value <= 1));
  if (index >= 0) throw new DataError('value-out-of-range', { file, index, value: pixels[index] ?? NaN, range: 'floats from 0 to 1' });
  return { file, count, shape, pixels };
};

/**
 * Labels from the (unpacked) bytes of an IDX file, [N].
 * @throws DataError truncated, trailing-bytes, not-idx, images-as-labels, unsupported-idx, value-out-of-range
 */
export const parseLabels = (bytes: Uint8Array, file: string): Int32Array => {
  const idx = parse(bytes, file);
  const { typeCode, type, dims } = idx;
  const [count = 0, ...axes] = dims;
  if (axes.length > 0) throw new DataError('images-as-labels', { file, dims });
  if (FLOATS.includes(typeCode))
    throw new DataError('unsupported-idx', { file, found: type.words, supported: 'integers, one per example' });
  const labels = convert(idx, new Int32Array(count));
  const index = labels.findIndex((label) => label < 0);
  if (index >= 0) throw new DataError('value-out-of-range', { file, index, value: labels[index] ?? NaN, range: 'classes counted from 0' });
  return labels;
};
