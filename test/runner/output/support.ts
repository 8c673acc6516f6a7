/** What the tests of the output need: folders that vanish, disks that fill up, a clock that stands still, and errors caught. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';
import { RunError, type RunErrorCode, type RunFacts } from '../../../src/runner/errors.js';
import type { Clock } from '../../../src/runner/output/clock.js';
import { mountAt, unmountAt } from '../../support/small-disk.js';

/** An empty folder that is removed after the test. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'latentlab-output-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
};

/** A file system in memory with these mount options; skips the test where mounting is not permitted. */
export const mountedDisk = (context: TestContext, options: string): string => {
  const folder = join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  if (!mountAt(folder, options)) context.skip('mounting a file system is not permitted here');
  // Before the folder is removed: what is registered last is done first.
  onTestFinished(() => {
    unmountAt(folder);
  });
  return folder;
};

/** Gives a disk other options: another size, or no more writing. */
export const remount = (disk: string, options: string): void => {
  const { status } = spawnSync('/bin/sh', ['-c', `mount -o remount,${options} "$0"`, disk]);
  if (status !== 0) throw new Error(`${disk} could not be mounted again with ${options}.`);
};

export interface FakeClock extends Clock {
  /** Lets time pass. */
  advance(ms: number): void;
}

/** Stands at 2026-11-23, 06:19:02 UTC, until it is advanced. */
export const createFakeClock = (): FakeClock => {
  const start = Date.UTC(2026, 10, 23, 6, 19, 2);
  let elapsed = 0;
  return {
    now: () => new Date(start + elapsed),
    elapsedMs: () => elapsed,
    advance: (ms) => {
      elapsed += ms;
    },
  };
};

/** The error that a promise is rejected with. */
export const rejectionOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error('expected a rejection');
    },
    (error: unknown) => error,
  );

/** The RunError of this code that a promise is rejected with. */
export const runErrorOf = async <C extends RunErrorCode>(
  promise: Promise<unknown>,
  code: C,
): Promise<{ readonly message: string; readonly facts: RunFacts[C] }> => {
  const error = await rejectionOf(promise);
  if (!(error instanceof RunError) || error.code !== code) throw new Error(`expected a RunError ${code}`, { cause: error });
  return error as RunError<C>;
};

/** Names of all files below a folder, hidden ones too. */
export const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
