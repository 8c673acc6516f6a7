/** Files that commands write beside runs: the disk's refusals as sentences. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { reasonOf } from '../runner/output/write-errors.js';

/** Writes a file and the folders above it; what is in the way otherwise, or null. `wx` replaces no file. */
export const writeOutput = async (file: string, content: string | Uint8Array, flag: 'w' | 'wx' = 'w'): Promise<string | null> => {
  try {
    await mkdir(dirname(resolve(file)), { recursive: true });
    await writeFile(file, content, { flag });
    return null;
  } catch (error) {
    const reason = await reasonOf(resolve(file), error);
    if (reason === null) throw error;
    return `${file} cannot be written: ${reason}.`;
  }
};
