/** Writes IDX files for tests. */

const typeCodes = { uint8: 0x08, int8: 0x09, int16: 0x0b, int32: 0x0c, float32: 0x0d, float64: 0x0e } as const;
export type IdxType = keyof typeof typeCodes;

const writers: Readonly<Record<IdxType, { readonly bytes: number; write(view: DataView, at: number, value: number): void }>> = {
  uint8: { bytes: 1, write: (view, at, value) => view.setUint8(at, value) },
  int8: { bytes: 1, write: (view, at, value) => view.setInt8(at, value) },
  int16: { bytes: 2, write: (view, at, value) => view.setInt16(at, value) },
  int32: { bytes: 4, write: (view, at, value) => view.setInt32(at, value) },
  float32: { bytes: 4, write: (view, at, value) => view.setFloat32(at, value) },
  float64: { bytes: 8, write: (view, at, value) => view.setFloat64(at, value) },
};

/** An IDX file; `values` may hold more or fewer numbers than `dims` announce. */
export const idxBytes = (dims: readonly number[], values: readonly number[], type: IdxType = 'uint8'): Uint8Array => {
  const { bytes, write } = writers[type];
  const header = 4 + 4 * dims.length;
  const file = new Uint8Array(header + values.length * bytes);
  const view = new DataView(file.buffer);
  view.setUint8(2, typeCodes[type]);
  view.setUint8(3, dims.length);
  dims.forEach((dim, i) => view.setUint32(4 + 4 * i, dim));
  values.forEach((value, i) => write(view, header + i * bytes, value));
  return file;
};

/** 0, 1, ... count - 1, modulo 256. */
export const ramp = (count: number): number[] => Array.from({ length: count }, (_, i) => i % 256);
