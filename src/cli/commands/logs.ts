/** `latentlab logs RUN [-f]`: what a run of a batch has printed, and with -f what it prints from now on. */
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { logFile } from '../../batch/local/process.js';
import { findLockOwner } from '../../runner/output/lock.js';
import { RunError } from '../../runner/errors.js';
import { readRecord } from '../../runner/resume.js';
import type { Io } from '../io.js';

export interface LogsOptions {
  readonly follow: boolean;
}

const pollMs = 250;
const chunkBytes = 1 << 16;

/** Prints what stands behind `position`; returns where the file ends by now. */
const printFrom = async (file: string, position: number, write: (bytes: Uint8Array) => void): Promise<number> => {
  const handle = await open(file, 'r');
  try {
    // A file that has become shorter is another one.
    let at = (await handle.stat()).size < position ? 0 : position;
    const buffer = new Uint8Array(chunkBytes);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, at);
      if (bytesRead === 0) return at;
      write(buffer.slice(0, bytesRead));
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
};

/** Whether nothing more is to be expected: it has come to its end, and no process is at work on it. */
const isOver = async (run: string): Promise<boolean> => {
  if ((await findLockOwner(join(run, 'run.lock'))) !== null) return false;
  const { status } = await readRecord(run);
  return status === 'done' || status === 'failed';
};

/** Exit code: 0, or 2 where there is no such run, or it has no log. */
export const logsCommand = async (run: string, { follow }: LogsOptions, io: Io, write: (bytes: Uint8Array) => void): Promise<number> => {
  const file = logFile(run);
  try {
    await readRecord(run);
    let position = 0;
    for (;;) {
      const over = await isOver(run);
      const exists = await stat(file).then(
        () => true,
        () => false,
      );
      if (exists) position = await printFrom(file, position, write);
      else if (!follow) {
        io.err(`latentlab: ${run} has no log: a batch keeps one for each of its runs, once they have begun`);
        return 2;
      }
      if (!follow || over) return 0;
      await sleep(pollMs);
    }
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    io.err(`latentlab: ${error.message}`);
    return 2;
  }
};
