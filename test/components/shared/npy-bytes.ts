/** Writes NPY files for tests. */

export interface NpyOptions {
  readonly descr?: string;
  readonly fortran?: boolean;
  readonly version?: 1 | 2 | 3;
  /** The header's text, where it is not to be the usual one. */
  readonly header?: string;
}

const writers: Readonly<Record<string, (view: DataView, at: number, value: number, little: boolean) => void>> = {
  b1: (view, at, value) => view.setUint8(at, value),
  u1: (view, at, value) => view.setUint8(at, value),
  i1: (view, at, value) => view.setInt8(at, value),
  u2: (view, at, value, little) => view.setUint16(at, value, little),
  i2: (view, at, value, little) => view.setInt16(at, value, little),
  u4: (view, at, value, little) => view.setUint32(at, value, little),
  i4: (view, at, value, little) => view.setInt32(at, value, little),
  u8: (view, at, value, little) => view.setBigUint64(at, BigInt(value), little),
  i8: (view, at, value, little) => view.setBigInt64(at, BigInt(value), little),
  /** The bits of a half. */
  f2: (view, at, value, little) => view.setUint16(at, value, little),
  f4: (view, at, value, little) => view.setFloat32(at, value, little),
  f8: (view, at, value, little) => view.setFloat64(at, value, little),
};

/** An NPY file; `values` are written in the order they are given, and may be more or fewer than the shape announces. */
export const npyBytes = (shape: readonly number[], values: readonly number[], options: NpyOptions = {}): Uint8Array => {
  const { descr = '|u1', fortran = false, version = 1 } = options;
  const dims = shape.length === 1 ? `${String(shape[0])},` : shape.join(', ');
  const text = options.header ?? `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${dims}), }`;
  const prefix = version === 1 ? 10 : 12;
  const header = text.padEnd(Math.ceil((text.length + prefix + 1) / 64) * 64 - prefix - 1) + '\n';
  const bytesPerValue = Number(/\d+$/.exec(descr)?.[0] ?? 1);
  const file = new Uint8Array(prefix + header.length + values.length * bytesPerValue);
  const view = new DataView(file.buffer);
  file.set([0x93, ...Buffer.from('NUMPY'), version, 0]);
  if (version === 1) view.setUint16(8, header.length, true);
  else view.setUint32(8, header.length, true);
  file.set(Buffer.from(header, 'latin1'), prefix);
  const write = writers[descr.slice(1)];
  values.forEach((value, i) => write?.(view, prefix + header.length + i * bytesPerValue, value, !descr.startsWith('>')));
  return file;
};
