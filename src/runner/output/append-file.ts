/**
 * A file that grows by whole records. Appends happen in the order of the calls, awaited or not; one that fails, on a full disk for
 * instance, is taken back, so that the file always ends behind a record.
 */
import { open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { guardWrite } from './write-errors.js';
import { makeFolders, toBytes, writeFully } from './whole-file.js';

const newline = 0x0a;

export class AppendFile {
  readonly path: string;
  #length: number;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(path: string, length: number) {
    this.path = path;
    this.#length = length;
  }

  /** A file that is not there yet. Throws RunError if it cannot be made, or exists. */
  static async create(path: string): Promise<AppendFile> {
    await guardWrite(path, async () => {
      await makeFolders(dirname(path));
      await (await open(path, 'wx')).close();
    });
    return new AppendFile(path, 0);
  }

  /**
   * A file of lines, new or old, and what it holds. A last line that a crash cut off is removed, and all that stands behind the first
   * `most` bytes.
   */
  static async openLines(path: string, most = Infinity): Promise<{ readonly file: AppendFile; readonly text: string }> {
    const bytes = await guardWrite(path, async () => {
      await makeFolders(dirname(path));
      await (await open(path, 'a')).close();
      return readFile(path);
    });
    const length = bytes.subarray(0, most).lastIndexOf(newline) + 1;
    if (length < bytes.length) await guardWrite(path, () => truncateFile(path, length));
    return { file: new AppendFile(path, length), text: bytes.toString('utf8', 0, length) };
  }

  get length(): number {
    return this.#length;
  }

  /** Resolves when the record is on the disk. Throws RunError; the file is as before then, and the next call tries anew. */
  append(record: string | Uint8Array): Promise<void> {
    const done = this.#last.then(() => guardWrite(this.path, () => this.#write(toBytes(record))));
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    // Opened each time: no handle is left open by a run that ends anywhere.
    const handle = await open(this.path, 'r+');
    try {
      await writeFully(handle, bytes, this.#length);
      await handle.datasync();
      this.#length += bytes.length;
    } catch (error) {
      await handle.truncate(this.#length);
      throw error;
    } finally {
      await handle.close();
    }
  }
}

const truncateFile = async (path: string, length: number): Promise<void> => {
  const handle = await open(path, 'r+');
  try {
    await handle.truncate(length);
    await handle.datasync();
  } finally {
    await handle.close();
  }
};
