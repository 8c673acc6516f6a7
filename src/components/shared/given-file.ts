/** Files that a param names. */
import { resolve } from 'node:path';
import { DataError } from './data-error.js';
import { decompress, readIfThere } from './data-file.js';

/**
 * The bytes of a file, unpacked if it is gzip; relative paths start at the current directory.
 * @throws DataError missing-file, unreadable-file, bad-gzip
 */
export const readGivenFile = async (file: string): Promise<Uint8Array> => {
  const path = resolve(file);
  const bytes = await readIfThere(path);
  if (bytes === null)
    throw new DataError('missing-file', { file, lookedFor: [path], help: 'Relative paths start at the current directory.' });
  return decompress(bytes, file);
};
