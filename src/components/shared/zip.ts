/**
 * ZIP archives: the directory at the end, and single entries unpacked with their checksum checked.
 * Source: PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", sections 4.3.7, 4.3.12 and 4.3.16.
 */
import { crc32 } from 'node:zlib';
import { inflateSync } from 'fflate';
import { DataError, reasonOf } from './data-error.js';

/** An entry as the directory describes it. */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Of its local header. */
  readonly offset: number;
}

const END = 0x06054b50;
const DIRECTORY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_LENGTH = 22;
const ENTRY_LENGTH = 46;
const LOCAL_LENGTH = 30;
/** Stands in 32 bits for a number that needs 64. */
const WIDE = 0xffffffff;
/** What deflate can make of a byte at most: a run of 258 in two bits. */
const MAX_RATIO = 1032;
const MAX_BYTES = 2 ** 31;

const fetchAgain = 'It was probably copied or downloaded in part: fetch or write it again.';
const broken = (file: string, reason: string, help = fetchAgain): DataError => new DataError('bad-archive', { file, reason, help });
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** The end record lies before a comment of at most 65,535 bytes. */
const findEnd = (view: DataView, file: string): number => {
  const last = view.byteLength - END_LENGTH;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) if (view.getUint32(at, true) === END) return at;
  throw broken(file, 'it has no directory at its end');
};

const readEntry = (bytes: Uint8Array, at: number): ZipEntry & { readonly next: number } => {
  const view = viewOf(bytes);
  const nameLength = view.getUint16(at + 28, true);
  return {
    name: new TextDecoder().decode(bytes.subarray(at + ENTRY_LENGTH, at + ENTRY_LENGTH + nameLength)),
    method: view.getUint16(at + 10, true),
    isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
    crc: view.getUint32(at + 16, true),
    packedBytes: view.getUint32(at + 20, true),
    bytes: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
    next: at + ENTRY_LENGTH + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true),
  };
};

/**
 * The entries of an archive, in the order of its directory.
 * @throws DataError bad-archive
 */
export const listZip = (bytes: Uint8Array, file: string): readonly ZipEntry[] => {
  const view = viewOf(bytes);
  const end = findEnd(view, file);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === WIDE)
    throw broken(file, 'it is of the kind for more than 4 GB (ZIP64)', 'Write its arrays to several files.');
  return Array.from({ length: count }, () => {
    if (at + ENTRY_LENGTH > end || view.getUint32(at, true) !== DIRECTORY) throw broken(file, 'its directory is damaged');
    const { next, ...entry } = readEntry(bytes, at);
    at = next;
    return entry;
  });
};

/**
 * The content of an entry, in memory of its own.
 * @param file What the entry is called in messages.
 * @throws DataError bad-archive, too-large
 */
export const unpackEntry = (bytes: Uint8Array, entry: ZipEntry, file: string): Uint8Array => {
  const { method, isEncrypted, offset, packedBytes } = entry;
  if (isEncrypted) throw broken(file, 'it is encrypted', 'Write it without a password.');
  if (method !== 0 && method !== 8)
    throw broken(file, `it is packed by method ${method}, not stored or deflated`, 'Write it with numpy.savez.');
  if ([entry.bytes, packedBytes, offset].includes(WIDE))
    throw broken(file, 'it is of the kind for more than 4 GB (ZIP64)', 'Write it to a file of its own.');
  if (entry.bytes > MAX_BYTES) throw new DataError('too-large', { file, bytes: entry.bytes, limit: MAX_BYTES });
  const view = viewOf(bytes);
  if (offset + LOCAL_LENGTH > bytes.length || view.getUint32(offset, true) !== LOCAL)
    throw broken(file, 'it is not where the directory says');
  const start = offset + LOCAL_LENGTH + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const packed = bytes.subarray(start, start + packedBytes);
  if (packed.length < packedBytes) throw broken(file, `${packed.length} of its ${packedBytes} bytes are there`);
  // No memory is taken for what cannot come out.
  if (entry.bytes > (method === 0 ? packedBytes : packedBytes * MAX_RATIO))
    throw broken(file, `${packedBytes} packed bytes cannot be ${entry.bytes} unpacked ones`);
  const content = method === 0 ? packed.slice() : inflate(packed, entry.bytes, file);
  if (content.length !== entry.bytes || crc32(content) !== entry.crc) throw broken(file, 'its checksum does not agree');
  return content;
};

const inflate = (packed: Uint8Array, bytes: number, file: string): Uint8Array => {
  try {
    return inflateSync(packed, { out: new Uint8Array(bytes) });
  } catch (error) {
    throw broken(file, reasonOf(error));
  }
};
