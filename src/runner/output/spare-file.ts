/**
 * Room on the disk that is already ours. What must get through on a full disk is written over the spare file's blocks, and the file is
 * renamed to where it belongs: both need no new block, and both leave the old file whole until the new one is.
 */
import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { flushFolder, toBytes, writeFully } from './whole-file.js';

/** Two blocks of the usual size. */
const minimum = 8192;

export class SpareFile {
  readonly #path: string;
  #size = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Grows the spare to twice `bytes`, with room for what is still to come. Throws the file system's errors; it is as before then. */
  async reserve(bytes: number): Promise<void> {
    if (2 * bytes <= this.#size) return;
    const size = Math.max(minimum, 2 ** Math.ceil(Math.log2(4 * bytes)));
    const handle = await open(this.#path, this.#size === 0 ? 'w' : 'r+');
    try {
      // Not zeros: a file system that compresses would give them no room.
      await writeFully(handle, randomBytes(size - this.#size), this.#size);
      await handle.sync();
      this.#size = size;
    } catch (error) {
      await handle.truncate(this.#size);
      throw error;
    } finally {
      await handle.close();
    }
  }

  /** Writes `target` with the reserved room; the spare is used up. */
  async become(target: string, content: string): Promise<void> {
    const bytes = toBytes(content);
    const handle = await open(this.#path, 'r+');
    try {
      await writeFully(handle, bytes, 0);
      await handle.truncate(bytes.length);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(this.#path, target);
    this.#size = 0;
    await flushFolder(dirname(target));
  }

  async remove(): Promise<void> {
    await rm(this.#path, { force: true });
    this.#size = 0;
  }
}
