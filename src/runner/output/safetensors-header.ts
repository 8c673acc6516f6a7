/** The header of a safetensors file, read with every check that the format asks for. */

export type SafetensorsErrorCode =
  | 'truncated'
  | 'header-too-large'
  | 'bad-header'
  | 'duplicate-key'
  | 'bad-metadata'
  | 'bad-entry'
  | 'unsupported-dtype'
  | 'bad-shape'
  | 'size-mismatch'
  | 'out-of-bounds'
  | 'overlap'
  | 'gap'
  | 'trailing-bytes'
  | 'bad-bool'
  | 'bad-name';

/** Bytes that are no safetensors file, or tensors that cannot be made one. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
  readonly code: SafetensorsErrorCode;

  constructor(code: SafetensorsErrorCode, reason: string) {
    super(reason);
    this.code = code;
  }
}

/** Bytes per value of what is read and written here. The format has more types; none of them occurs in a model of ours. */
const widths = { F32: 4, I32: 4, U8: 1, BOOL: 1 } as const;
export type DType = keyof typeof widths;

export interface Entry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Where its bytes are in the data behind the header. */
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly entries: readonly Entry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Offset of the data in the file. */
  readonly dataStart: number;
}

/** The limit of the format's own reader. */
const maxHeader = 100_000_000;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isDType = (value: unknown): value is DType => typeof value === 'string' && Object.hasOwn(widths, value);

/** JSON.parse takes the last of two equal keys without a word; readers that take the first would see another file. */
const findDuplicateKey = (json: string): string | null => {
  const open: Set<string>[] = [];
  for (const [token, isKey] of json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (isKey !== undefined) {
      const key = String(JSON.parse(token.slice(0, -isKey.length)));
      if (open.at(-1)?.has(key)) return key;
      open.at(-1)?.add(key);
    }
  }
  return null;
};

const parseJson = (bytes: Uint8Array): Readonly<Record<string, unknown>> => {
  let header: unknown;
  let json = '';
  try {
    json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(json);
  } catch (error) {
    throw new SafetensorsError('bad-header', `the header is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  // The format wants the brace first; only the end may be padded.
  if (!isRecord(header) || !json.startsWith('{')) throw new SafetensorsError('bad-header', 'the header is not a JSON object');
  const duplicate = findDuplicateKey(json);
  if (duplicate !== null) throw new SafetensorsError('duplicate-key', `the header has the key ${JSON.stringify(duplicate)} twice`);
  return header;
};

const parseMetadata = (value: unknown): Readonly<Record<string, string>> => {
  if (!isRecord(value)) throw new SafetensorsError('bad-metadata', 'the metadata is not a map');
  const texts = Object.entries(value).map(([key, text]): [string, string] => {
    if (typeof text !== 'string') throw new SafetensorsError('bad-metadata', `the metadata ${JSON.stringify(key)} is not text`);
    return [key, text];
  });
  return Object.fromEntries(texts);
};

const parseEntry = (name: string, value: unknown, dataBytes: number): Entry => {
  const refuse = (code: SafetensorsErrorCode, reason: string): SafetensorsError =>
    new SafetensorsError(code, `tensor ${JSON.stringify(name)} ${reason}`);
  if (!isRecord(value) || Object.keys(value).sort().join() !== 'data_offsets,dtype,shape')
    throw refuse('bad-entry', 'is not described by dtype, shape and data_offsets');
  const { dtype, shape, data_offsets: range } = value;
  if (!isDType(dtype))
    throw refuse('unsupported-dtype', `has the type ${JSON.stringify(dtype)}; expected ${Object.keys(widths).join(', ')}`);
  if (!Array.isArray(shape) || !shape.every(isCount)) throw refuse('bad-shape', `has the shape ${JSON.stringify(shape)}`);
  if (!Array.isArray(range) || range.length !== 2 || !range.every(isCount))
    throw refuse('bad-entry', `has the range ${JSON.stringify(range)}`);
  const [begin = 0, end = 0] = range;
  const numBytes = sizeOf(shape) * widths[dtype];
  if (!Number.isSafeInteger(numBytes)) throw refuse('bad-shape', `has the shape ${JSON.stringify(shape)}, more than can be counted`);
  if (end > dataBytes) throw refuse('out-of-bounds', `ends at byte ${String(end)} of ${String(dataBytes)}`);
  if (end - begin !== numBytes)
    throw refuse('size-mismatch', `has ${String(end - begin)} bytes, expected ${String(numBytes)} from its shape`);
  return { name, dtype, shape, begin, end };
};

/** The tensors' bytes follow each other without gap or overlap, and fill the file. */
const checkCoverage = (entries: readonly Entry[], dataBytes: number): void => {
  let covered = 0;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered)
      throw new SafetensorsError(
        begin < covered ? 'overlap' : 'gap',
        `tensor ${JSON.stringify(name)} begins at byte ${String(begin)}, expected ${String(covered)}`,
      );
    covered = end;
  }
  if (covered < dataBytes) throw new SafetensorsError('trailing-bytes', `${String(dataBytes - covered)} bytes belong to no tensor`);
};

/** Throws SafetensorsError. */
export const parseHeader = (bytes: Uint8Array): Header => {
  if (bytes.length < 8) throw new SafetensorsError('truncated', `${String(bytes.length)} bytes are too few for a header`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(maxHeader)) throw new SafetensorsError('header-too-large', `the header would have ${String(length)} bytes`);
  const dataStart = 8 + Number(length);
  if (dataStart > bytes.length)
    throw new SafetensorsError('truncated', `the file has ${String(bytes.length)} bytes, and its header alone needs ${String(dataStart)}`);
  const { __metadata__: metadata, ...tensors } = parseJson(bytes.subarray(8, dataStart));
  const dataBytes = bytes.length - dataStart;
  const entries = Object.entries(tensors).map(([name, value]) => parseEntry(name, value, dataBytes));
  checkCoverage(entries, dataBytes);
  return { entries, metadata: metadata === undefined ? {} : parseMetadata(metadata), dataStart };
};
