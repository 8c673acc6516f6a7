/** Files of data: read whole, unpacked where they are gzip, hashed. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, gunzip } from 'node:zlib';
import { DataError, hasCode, reasonOf } from './data-error.js';

const unpack = promisify(gunzip);
const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The length that a gzip file says it has when unpacked (its last four bytes); a hint that may be wrong. */
const unpackedLength = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(bytes.length - 4, true);

/**
 * Unpacks gzip, which is told by its first bytes and not by the file's name; other bytes are handed back as they are.
 * @throws DataError bad-gzip
 */
export const decompress = async (bytes: Uint8Array, file: string, maxBytes: number = 2 ** 31): Promise<Uint8Array> => {
  if (!isGzip(bytes)) return bytes;
  // The whole result in one chunk where the file can be believed: 16 kB chunks, the default, take twice the time.
  const chunkSize = Math.min(Math.max(bytes.length < 18 ? 0 : unpackedLength(bytes) + 1, constants.Z_MIN_CHUNK), 2 ** 26);
  try {
    return await unpack(bytes, { chunkSize, maxOutputLength: maxBytes });
  } catch (error) {
    throw new DataError('bad-gzip', { file, reason: reasonOf(error) });
  }
};

/**
 * The bytes of a file; null where there is none.
 * @throws DataError unreadable-file
 */
export const readIfThere = async (file: string): Promise<Uint8Array | null> => {
  try {
    return await readFile(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw new DataError('unreadable-file', { file, reason: reasonOf(error) });
  }
};

/** Hashes name their kind: `md5:6bbc9ace...`. */
export const md5 = (...parts: readonly Uint8Array[]): string => hashWith('md5', parts);
export const sha256 = (...parts: readonly Uint8Array[]): string => hashWith('sha256', parts);

const hashWith = (algorithm: string, parts: readonly Uint8Array[]): string => {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return `${algorithm}:${hash.digest('hex')}`;
};
