/**
 * Files that are there whole or not at all: written beside their place, flushed, then renamed into it. A reader, a crash or a full disk
 * never sees half of one.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from './write-errors.js';

/** A name beside `target` that nobody else has, and that a listing hides. */
export const temporaryName = (target: string): string =>
  join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}.tmp`);

/**
 * Makes a folder and those above it, where they are missing. Node's recursive `mkdir` tries without end below /proc, and reports a
 * read-only disk as a missing folder (seen with Node 20.20).
 */
export const makeFolders = async (path: string): Promise<void> => {
  try {
    await mkdir(path);
  } catch (error) {
    if (await isFolder(path)) return;
    const parent = dirname(path);
    if (errnoOf(error) !== 'ENOENT' || parent === path) throw error;
    await makeFolders(parent);
    await mkdir(path).catch(async (again: unknown) => {
      // Another run may have been faster.
      if (!(await isFolder(path))) throw again;
    });
  }
};

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );

/** What file systems say that cannot flush a folder: network drives and FUSE, above all. */
const cannotFlush = ['EINVAL', 'ENOTSUP', 'ENOSYS'];

/** Makes renames in a folder survive a power cut, where the file system can. Windows opens no folder, and needs none of this. */
export const flushFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!cannotFlush.includes(errnoOf(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
};

/** Writes all of `bytes` from `position` on: a file system may take less than it is given, the full one first of all. */
export const writeFully = async (handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> => {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
};

export const toBytes = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

/** A new file with its content on the disk; nothing is left of it if that fails. */
export const writeNewFile = async (path: string, content: string | Uint8Array): Promise<void> => {
  const handle = await open(path, 'wx');
  try {
    await writeFully(handle, toBytes(content), 0);
    await handle.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
};

/** Writes or replaces a file at once. Throws the file system's errors; the old file is untouched then. */
export const writeWholeFile = async (target: string, content: string | Uint8Array): Promise<void> => {
  const temporary = temporaryName(target);
  await writeNewFile(temporary, content);
  try {
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await flushFolder(dirname(target));
};
