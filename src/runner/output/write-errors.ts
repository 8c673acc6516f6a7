/** From an error of the file system to one that says what to do. */
import { RunError } from '../errors.js';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'the system does not allow it',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a file of that name is in the way',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'the folder does not exist and cannot be made',
  EISDIR: 'there is a folder of that name',
  EMFILE: 'too many files are open',
};

const codeOf = (error: unknown): string | null => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null);

/** Runs `write`; errors of the file system become RunErrors (`disk-full`, `output-unwritable`) that name the path. */
export const guardWrite = async <T>(path: string, write: () => Promise<T>): Promise<T> => {
  try {
    return await write();
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new RunError('disk-full', { path }, { cause: error });
    const reason = code === null ? undefined : reasons[code];
    if (reason !== undefined) throw new RunError('output-unwritable', { path, reason }, { cause: error });
    throw error;
  }
};
