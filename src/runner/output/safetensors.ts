/**
 * Named tensors in the safetensors format: eight bytes of header length (little-endian), a JSON header with type, shape and byte
 * range of each tensor, then the values. Reading executes nothing and believes nothing.
 * Source: huggingface/safetensors, README, "Format".
 */
import { endianness } from 'node:os';

export type TensorArray = Float32Array | Int32Array | Uint8Array;
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly values: TensorArray;
}

/** Why bytes are no safetensors file. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}

const maximumHeader = 100_000_000;
const typeNames = { F32: Float32Array, I32: Int32Array, U8: Uint8Array } as const;
type TypeName = keyof typeof typeNames;

const typeNameOf = (values: TensorArray): TypeName => (values instanceof Float32Array ? 'F32' : values instanceof Int32Array ? 'I32' : 'U8');

/** `metadata` is text by name, for readers of the file. Tensors are written in the order of their names, so equal tensors give equal bytes. */
export const encodeSafetensors = (tensors: ReadonlyMap<string, StoredTensor>, metadata: Readonly<Record<string, string>> = {}): Uint8Array => {
  assertLittleEndian();
  // Wider types first keeps every tensor aligned to its own width.
  const entries = [...tensors].sort(([nameA, a], [nameB, b]) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT || (nameA < nameB ? -1 : 1));
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, values }] of entries) {
    header[name] = { dtype: typeNameOf(values), shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded + end).fill(0x20, 8, 8 + padded);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(json, 8);
  let offset = 8 + padded;
  for (const [, { values }] of entries) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  return bytes;
};

/** Throws SafetensorsError unless every byte is accounted for. */
export const decodeSafetensors = (bytes: Uint8Array): { readonly tensors: ReadonlyMap<string, StoredTensor>; readonly metadata: Readonly<Record<string, string>> } => {
  assertLittleEndian();
  const refuse = (reason: string): never => {
    throw new SafetensorsError(reason);
  };
  if (bytes.length < 8) refuse(`${String(bytes.length)} bytes are too few for a header`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > maximumHeader || length > bytes.length - 8) refuse(`the header would have ${String(length)} bytes, and the file has ${String(bytes.length)}`);
  const header = parseHeader(bytes.subarray(8, 8 + length));
  const data = bytes.subarray(8 + length);
  const tensors = new Map<string, StoredTensor>();
  const ranges: (readonly [number, number])[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets: range } = isRecord(entry) ? entry : {};
    if (typeof dtype !== 'string' || !Object.hasOwn(typeNames, dtype)) refuse(`tensor ${name} has the type ${String(dtype)}, which is not read here`);
    if (!isCounts(shape) || !isCounts(range) || range.length !== 2) throw new SafetensorsError(`tensor ${name} has no proper shape and range`);
    const [begin = 0, end = 0] = range;
    const TypedArray = typeNames[dtype as TypeName];
    const size = shape.reduce((product, dim) => product * dim, 1);
    if (end - begin !== size * TypedArray.BYTES_PER_ELEMENT || end > data.length) refuse(`tensor ${name} should have ${String(size)} values and has ${String(end - begin)} of ${String(data.length)} bytes`);
    ranges.push([begin, end]);
    tensors.set(name, { shape, values: new TypedArray(data.slice(begin, end).buffer) });
  }
  let covered = 0;
  for (const [begin, end] of ranges.sort(([a], [b]) => a - b)) {
    if (begin !== covered) refuse('tensors overlap or leave a gap');
    covered = end;
  }
  if (covered !== data.length) refuse(`${String(data.length - covered)} bytes belong to no tensor`);
  const metadata = isRecord(header['__metadata__']) ? Object.fromEntries(Object.entries(header['__metadata__']).map(([key, value]) => [key, String(value)])) : {};
  return { tensors, metadata };
};

const parseHeader = (bytes: Uint8Array): Readonly<Record<string, unknown>> => {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isRecord(header)) return header;
  } catch {
    // Told below, whatever is wrong with it.
  }
  throw new SafetensorsError('the header is not a JSON object');
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCounts = (value: unknown): value is readonly number[] => Array.isArray(value) && value.every((element) => Number.isSafeInteger(element) && Number(element) >= 0);

/** Typed arrays have the machine's byte order; no supported machine of Node's is big-endian any more but s390x. */
const assertLittleEndian = (): void => {
  if (endianness() !== 'LE') throw new SafetensorsError('weights are read and written on little-endian machines only');
};
