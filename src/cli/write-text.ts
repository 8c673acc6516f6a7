/** Files that commands write beside runs: the disk's refusals as sentences. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'the system does not allow it',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'something is in its way',
  ENAMETOOLONG: 'the name is too long',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
};

/** Writes a file and the folders above it; what is in the way otherwise, or null. `wx` replaces no file. */
export const writeText = async (file: string, text: string, flag: 'w' | 'wx' = 'w'): Promise<string | null> => {
  try {
    await mkdir(dirname(resolve(file)), { recursive: true });
    await writeFile(file, text, { flag });
    return null;
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string')) throw error;
    return `${file} cannot be written: ${reasons[error.code] ?? error.message}.`;
  }
};
