/** From an error of the file system to one that names the path, says what is wrong there, and what to do. */
import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RunError } from '../errors.js';

interface Explanation {
  readonly reason: string;
  readonly help: string;
}

const elsewhere = 'Choose another folder with --out';
const notAllowed = `${elsewhere}, or make this one writable.`;

const explanations: Readonly<Record<string, Explanation>> = {
  EACCES: { reason: 'permission denied', help: notAllowed },
  EPERM: { reason: 'the system does not allow it', help: notAllowed },
  EROFS: { reason: 'the file system is read-only', help: `${elsewhere}, on a disk that can be written.` },
  ENOENT: { reason: 'the folder is gone, or cannot be made', help: `${elsewhere}, and leave it where it is while the run goes on.` },
  ENAMETOOLONG: { reason: 'the name is too long', help: `${elsewhere} with a shorter path, or shorten the name of the experiment.` },
  EISDIR: { reason: 'there is a folder of that name', help: `Move it away, or choose another folder with --out.` },
  ELOOP: { reason: 'symbolic links lead in a circle', help: `${elsewhere}.` },
  EMFILE: { reason: 'too many files are open', help: 'Raise the limit (ulimit -n), or run fewer experiments at once.' },
  ENFILE: { reason: 'too many files are open on this machine', help: 'Run fewer experiments at once.' },
  EIO: { reason: 'the disk or the network failed', help: `Look at the disk. ${elsewhere}, on another one.` },
  ESTALE: { reason: 'the network drive was mounted anew', help: 'Start the run again.' },
};
const full = ['ENOSPC', 'EDQUOT', 'EFBIG'];
const inTheWay = ['ENOTDIR', 'EEXIST'];

/** The system's word for what happened; null if it was not the system. */
export const errnoOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error ? error.code : null;

/** The first part of a path that is something else than a folder. */
const findObstacle = async (path: string): Promise<string> => {
  for (let part = path; ; part = dirname(part)) {
    const stats = await lstat(part).catch(() => null);
    if (stats !== null && !stats.isDirectory()) return part;
    if (stats !== null || part === dirname(part)) return path;
  }
};

/** A new file, rather than a folder, could not be made since something has its name. */
const isOpenOfExisting = (errno: string, error: Error): boolean => errno === 'EEXIST' && 'syscall' in error && error.syscall === 'open';

const explain = async (path: string, errno: string, error: Error): Promise<Explanation> => {
  if (isOpenOfExisting(errno, error))
    return { reason: 'there is a file of that name already', help: 'Move it away, or choose another folder with --out.' };
  if (!inTheWay.includes(errno)) return explanations[errno] ?? { reason: error.message, help: `${elsewhere}.` };
  const obstacle = await findObstacle(path);
  return { reason: `${obstacle} is a file, where a folder is needed`, help: `Move it away, or choose another folder with --out.` };
};

/** What keeps a file from being written, as a clause; null where it was not the system that refused it. */
export const reasonOf = async (path: string, error: unknown): Promise<string | null> => {
  const errno = errnoOf(error);
  if (errno === null || !(error instanceof Error)) return null;
  return full.includes(errno) ? 'the disk is full' : (await explain(path, errno, error)).reason;
};

/** Runs `write`; errors of the file system become RunErrors (`disk-full`, `output-unwritable`) that name the path. */
export const guardWrite = async <T>(path: string, write: () => Promise<T>): Promise<T> => {
  try {
    return await write();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === null || !(error instanceof Error)) throw error;
    if (full.includes(errno)) throw new RunError('disk-full', { path, errno }, { cause: error });
    throw new RunError('output-unwritable', { path, errno, ...(await explain(path, errno, error)) }, { cause: error });
  }
};
