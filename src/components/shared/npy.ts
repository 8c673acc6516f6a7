/**
 * The NPY format of NumPy, versions 1 to 3: six bytes of magic, two of version, the length of the header, the header (a Python
 * dictionary as text: type, order of the axes, shape), then the values. Nothing in it is ever executed.
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import type { Shape } from '../../registry/contracts/index.js';
import { DataError } from './data-error.js';
import { npyTypes, type NpyType } from './npy-types.js';

/** An array whose values have not been converted yet. */
export interface NpyArray {
  /** Where it comes from, for messages. */
  readonly file: string;
  /** As the header has it, without the byte order: `f4`. */
  readonly code: string;
  readonly type: NpyType;
  readonly shape: Shape;
  readonly isFortran: boolean;
  readonly isLittleEndian: boolean;
  readonly view: DataView;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean => start.every((byte, i) => bytes[i] === byte);

/** Files that are given in place of an NPY file, by their first bytes. */
const assertMagic = (bytes: Uint8Array, file: string): void => {
  if (startsWith(bytes, MAGIC)) return;
  const [first = 0, second = 0] = bytes;
  if (first === 0x80 && second >= 2 && second <= 5) throw new DataError('python-objects', { file });
  if (startsWith(bytes, [0x50, 0x4b]))
    throw new DataError('not-npy', { file, problem: 'it is a ZIP archive', help: 'Use `type: npz` for archives of arrays (.npz).' });
  const start = Array.from(bytes.subarray(0, 6), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  throw new DataError('not-npy', {
    file,
    problem: bytes.length === 0 ? 'it is empty' : `it begins with ${start}, an NPY file with 93 4e 55 4d 50 59`,
    help: 'Give a file that numpy.save wrote.',
  });
};

interface Header {
  readonly type: string;
  readonly isFortran: boolean;
  readonly shape: Shape;
}

const TYPE = /(?:'descr'|"descr")\s*:\s*(?:'([^']*)'|"([^"]*)")/;
const ORDER = /(?:'fortran_order'|"fortran_order")\s*:\s*(True|False)/;
// Python 2 wrote `3L`.
const SHAPE = /(?:'shape'|"shape")\s*:\s*\(((?:\s*\d+L?\s*,?)*)\s*\)/;
const RECORDS = /(?:'descr'|"descr")\s*:\s*\[/;

/** The one dictionary of three keys that a header may be; null for any other text. */
const parseHeader = (text: string): Header | null => {
  const [type, order, shape] = [TYPE.exec(text), ORDER.exec(text), SHAPE.exec(text)];
  if (type === null || order === null || shape === null) return null;
  const rest = [type, order, shape].reduce((left, [match]) => left.replace(match, ''), text);
  const dims = Array.from((shape[1] ?? '').matchAll(/\d+/g), ([digits]) => Number(digits));
  if (!/^\s*\{[\s,]*\}\s*$/.test(rest) || !dims.every(Number.isSafeInteger)) return null;
  return { type: type[1] ?? type[2] ?? '', isFortran: order[1] === 'True', shape: dims };
};

/** As NumPy has it: headers are a hundred bytes or two. */
const MAX_HEADER = 10_000;
const saveAgain = 'Save it again with numpy.save.';
const supported = 'whole numbers, floats or booleans';
const numberHelp = "Convert it, e.g. array.astype('float32'), and save it again.";

const readHeader = (bytes: Uint8Array, file: string): { readonly header: Header; readonly start: number } => {
  assertMagic(bytes, file);
  const whole = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const assertLength = (expectedBytes: number): void => {
    if (bytes.length < expectedBytes) throw new DataError('truncated', { file, bytes: bytes.length, expectedBytes });
  };
  assertLength(10);
  const [version, minor] = [whole.getUint8(6), whole.getUint8(7)];
  if (version < 1 || version > 3)
    throw new DataError('unsupported-npy', {
      file,
      found: `NPY of version ${version}.${minor}`,
      supported: 'version 1, 2 or 3',
      help: saveAgain,
    });
  if (version > 1) assertLength(12);
  const textStart = version === 1 ? 10 : 12;
  const start = textStart + (version === 1 ? whole.getUint16(8, true) : whole.getUint32(8, true));
  assertLength(start);
  if (start - textStart > MAX_HEADER)
    throw new DataError('not-npy', {
      file,
      problem: `its header has ${start - textStart} bytes, at most ${MAX_HEADER} are read`,
      help: saveAgain,
    });
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(textStart, start));
  if (RECORDS.test(text))
    throw new DataError('unsupported-npy', {
      file,
      found: 'records of several values',
      supported,
      help: 'Save each field as an array of its own.',
    });
  const header = parseHeader(text);
  if (header === null)
    throw new DataError('not-npy', { file, problem: `its header cannot be understood: ${text.slice(0, 80).trim()}`, help: saveAgain });
  return { header, start };
};

const unsupportedKinds: Readonly<Record<string, string>> = {
  c: 'complex numbers',
  S: 'text',
  U: 'text',
  V: 'raw bytes',
  M: 'dates',
  m: 'spans of time',
};

/**
 * Reads an NPY file's header and checks the length of what follows; the values stay where they are.
 * @param file What the array is called in messages.
 * @throws DataError not-npy, unsupported-npy, python-objects, truncated, trailing-bytes
 */
export const parseNpy = (bytes: Uint8Array, file: string): NpyArray => {
  const { header, start } = readHeader(bytes, file);
  const { type: name, isFortran, shape } = header;
  const [, order = '', code = ''] = /^([<>|=]?)(.*)$/.exec(name) ?? [];
  if (code === 'O' || code === 'O8') throw new DataError('python-objects', { file });
  const type = npyTypes.get(code);
  if (type === undefined) {
    const found = `${unsupportedKinds[code.charAt(0)] ?? 'values'} (${name})`;
    throw new DataError('unsupported-npy', { file, found, supported, help: numberHelp });
  }
  const expectedBytes = start + shape.reduce((product, dim) => product * dim, type.bytes);
  // Of axes beyond all reason the product may be NaN.
  if (!(bytes.length >= expectedBytes)) throw new DataError('truncated', { file, bytes: bytes.length, expectedBytes });
  if (bytes.length > expectedBytes) throw new DataError('trailing-bytes', { file, bytes: bytes.length, expectedBytes });
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  return { file, code, type, shape, isFortran, isLittleEndian: order !== '>', view };
};

/** Writes the values, divided by `divisor`, to `out` with the last axis running fastest, whatever order the file has. */
export const convertNpy = <A extends Float32Array | Float64Array | Uint8Array>(
  { type, shape, isFortran, isLittleEndian, view }: NpyArray,
  out: A,
  divisor = 1,
): A => {
  if (!isFortran) {
    for (let i = 0; i < out.length; i++) out[i] = type.read(view, i * type.bytes, isLittleEndian) / divisor;
    return out;
  }
  // In the file the first axis runs fastest: `from` follows the indices as the last axis is counted up.
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, dim) => product * dim, type.bytes));
  const index = new Int32Array(shape.length);
  let from = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = type.read(view, from, isLittleEndian) / divisor;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [dim, stride, at] = [shape[axis] ?? 1, strides[axis] ?? 0, (index[axis] ?? 0) + 1];
      from += stride;
      index[axis] = at;
      if (at < dim) break;
      from -= dim * stride;
      index[axis] = 0;
    }
  }
  return out;
};
