/** The number types of NPY files, by the codes of their headers. */

export interface NpyType {
  /** For messages. */
  readonly words: string;
  readonly bytes: number;
  readonly isFloat: boolean;
  read(view: DataView, at: number, littleEndian: boolean): number;
}

/** IEEE 754 half precision: a sign, 5 bits of exponent, 10 of fraction. */
const readHalf = (view: DataView, at: number, littleEndian: boolean): number => {
  const bits = view.getUint16(at, littleEndian);
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const sign = bits >> 15 === 0 ? 1 : -1;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
};

const integer = (words: string, bytes: number, read: NpyType['read']): NpyType => ({ words, bytes, isFloat: false, read });
const float = (words: string, bytes: number, read: NpyType['read']): NpyType => ({ words, bytes, isFloat: true, read });

/** By kind and bytes, as in `<f4` behind the byte order. */
export const npyTypes: ReadonlyMap<string, NpyType> = new Map([
  ['b1', integer('booleans', 1, (view, at) => Number(view.getUint8(at) !== 0))],
  ['u1', integer('uint8', 1, (view, at) => view.getUint8(at))],
  ['i1', integer('int8', 1, (view, at) => view.getInt8(at))],
  ['u2', integer('uint16', 2, (view, at, little) => view.getUint16(at, little))],
  ['i2', integer('int16', 2, (view, at, little) => view.getInt16(at, little))],
  ['u4', integer('uint32', 4, (view, at, little) => view.getUint32(at, little))],
  ['i4', integer('int32', 4, (view, at, little) => view.getInt32(at, little))],
  ['u8', integer('uint64', 8, (view, at, little) => Number(view.getBigUint64(at, little)))],
  ['i8', integer('int64', 8, (view, at, little) => Number(view.getBigInt64(at, little)))],
  ['f2', float('float16', 2, readHalf)],
  ['f4', float('float32', 4, (view, at, little) => view.getFloat32(at, little))],
  ['f8', float('float64', 8, (view, at, little) => view.getFloat64(at, little))],
]);
