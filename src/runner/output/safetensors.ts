/**
 * Named tensors in the safetensors format: eight bytes of header length (little-endian), a JSON header with type, shape and byte
 * range of each tensor, then the values. Equal tensors give equal bytes.
 * Source: huggingface/safetensors, README, "Format", and the checks of its Rust reader.
 */
import { endianness } from 'node:os';
import { isCount, parseHeader, SafetensorsError, sizeOf, type DType, type Entry } from './safetensors-header.js';

export type TensorArray = Float32Array | Int32Array | Uint8Array;
export interface StoredTensor {
  /** [] for a scalar. */
  readonly shape: readonly number[];
  /** Row-major; Uint8Array for bytes and for truth values. */
  readonly values: TensorArray;
  /** Whether a Uint8Array holds truth values, 0 or 1. */
  readonly isBool?: boolean;
}

export interface SafetensorsContent {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const dtypeOf = ({ values, isBool = false }: StoredTensor): DType => {
  if (values instanceof Float32Array) return 'F32';
  if (values instanceof Int32Array) return 'I32';
  return isBool ? 'BOOL' : 'U8';
};

const checkTensor = (name: string, tensor: StoredTensor): void => {
  const { shape, values, isBool = false } = tensor;
  const refuse = (code: 'bad-name' | 'bad-shape' | 'size-mismatch' | 'bad-bool', reason: string): never => {
    throw new SafetensorsError(code, `tensor ${JSON.stringify(name)} ${reason}`);
  };
  if (name === '__metadata__' || /\p{Surrogate}/u.test(name)) refuse('bad-name', 'has a name that the format cannot hold');
  // Two negative sizes have a product that looks right.
  if (shape.some((size) => !isCount(size))) refuse('bad-shape', `has the shape [${shape.join(', ')}]`);
  if (values.length !== sizeOf(shape)) refuse('size-mismatch', `has ${String(values.length)} values and the shape [${shape.join(', ')}]`);
  if (isBool && (!(values instanceof Uint8Array) || values.some((value) => value > 1)))
    refuse('bad-bool', 'has values that are not 0 or 1');
};

/** Typed arrays have the machine's byte order, the format has this one. Of Node's platforms only s390x has the other. */
const assertLittleEndian = (): void => {
  if (endianness() !== 'LE') throw new Error('weights are read and written on little-endian machines only');
};

/**
 * `metadata` is text by name, for readers of the file. Tensors stand in the order of their names, those of four-byte values first, so that
 * each is aligned to its own width. Throws SafetensorsError (`bad-name`, `bad-shape`, `size-mismatch`, `bad-bool`).
 */
export const encodeSafetensors = (
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array => {
  assertLittleEndian();
  const entries = [...tensors].sort(
    ([nameA, a], [nameB, b]) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT || (nameA < nameB ? -1 : 1),
  );
  const header: (readonly [string, unknown])[] = Object.keys(metadata).length === 0 ? [] : [['__metadata__', metadata]];
  let end = 0;
  for (const [name, tensor] of entries) {
    checkTensor(name, tensor);
    const begin = end;
    end += tensor.values.byteLength;
    header.push([name, { dtype: dtypeOf(tensor), shape: tensor.shape, data_offsets: [begin, end] }]);
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const start = 8 + Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(start + end).fill(0x20, 8, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(json, 8);
  let offset = start;
  for (const [, { values }] of entries) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  return bytes;
};

const readTensor = (data: Uint8Array, { name, dtype, shape, begin, end }: Entry): StoredTensor => {
  // A copy of its own: aligned, and not holding on to the rest of the file. (`slice` of a Buffer would copy nothing.)
  const values = new Uint8Array(data.subarray(begin, end));
  switch (dtype) {
    case 'F32':
      return { shape, values: new Float32Array(values.buffer) };
    case 'I32':
      return { shape, values: new Int32Array(values.buffer) };
    case 'U8':
      return { shape, values };
    case 'BOOL':
      if (values.some((value) => value > 1))
        throw new SafetensorsError('bad-bool', `tensor ${JSON.stringify(name)} has values that are not 0 or 1`);
      return { shape, values, isBool: true };
  }
};

/** Reading executes nothing and believes nothing. Throws SafetensorsError unless every byte is accounted for. */
export const decodeSafetensors = (bytes: Uint8Array): SafetensorsContent => {
  assertLittleEndian();
  const { entries, metadata, dataStart } = parseHeader(bytes);
  const data = bytes.subarray(dataStart);
  return { tensors: new Map(entries.map((entry) => [entry.name, readTensor(data, entry)])), metadata };
};
