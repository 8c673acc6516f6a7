/**
 * run.lock: which process writes into a run's folder; batch.lock: which one starts the runs of a batch. A process that was killed leaves its lock behind; it counts for nothing once no such
 * process is alive. On another machine nobody can tell, and the lock is believed, unless it is an earlier process of the very job that this one
 * is of: a scheduler has no job at work twice.
 */
import { link, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isMap } from '../../registry/values.js';
import { RunError } from '../errors.js';
import { temporaryName, writeNewFile } from './whole-file.js';
import { errnoOf, guardWrite } from './write-errors.js';

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** What tells it from a later process of the same number; null where the system does not say. */
  readonly born: string | null;
  /** What a scheduler calls the job that it is a process of (LATENTLAB_JOB); null without one. */
  readonly job: string | null;
}

export interface RunLock {
  release(): Promise<void>;
}

/** When a process was started, in the clock ticks that Linux counts; its name may hold spaces and parentheses. */
const birthOf = async (pid: number): Promise<string | null> => {
  const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => null);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
};

const ownJob = (): string | null => process.env['LATENTLAB_JOB'] ?? null;

const isAlive = async ({ pid, host, born, job }: Owner): Promise<boolean> => {
  if (host !== hostname()) return job === null || job !== ownJob();
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') return false;
  }
  return born === null || born === (await birthOf(pid));
};

/** Null where the file is gone, or holds no owner: a lock that was being written when its process was killed. */
const readOwner = async (file: string): Promise<Owner | null> => {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    const owner: unknown = JSON.parse(text);
    if (!isMap(owner)) return null;
    const { pid, host, born, job } = owner;
    if (typeof pid !== 'number' || typeof host !== 'string') return null;
    return { pid, host, born: typeof born === 'string' ? born : null, job: typeof job === 'string' ? job : null };
  } catch {
    return null;
  }
};

/** The file appears with its owner in it: an empty one would look like that of a process that was killed. False if there is one already. */
const create = async (file: string, content: string): Promise<boolean> => {
  const temporary = temporaryName(file);
  await writeNewFile(temporary, content);
  try {
    await link(temporary, file);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
};

/** Takes away the lock of a process that is no more. Another process may have done so, and have its own there by now: that one is put back. */
const removeStale = async (file: string, stale: Owner | null): Promise<void> => {
  const aside = temporaryName(file);
  try {
    await rename(file, aside);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw error;
  }
  const owner = await readOwner(aside);
  if (owner !== null && (owner.pid !== stale?.pid || owner.born !== stale.born)) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
};

/** The process that is at work there, as far as can be seen from here. */
export const findLockOwner = async (file: string): Promise<Pick<Owner, 'pid' | 'host'> | null> => {
  const owner = await readOwner(file);
  return owner !== null && (await isAlive(owner)) ? owner : null;
};

/** `what` is for the message: a run, or a batch of them. Throws RunError (`run-locked`) where another process is at work there. */
export const acquireLock = async (file: string, what: 'run' | 'batch' = 'run'): Promise<RunLock> => {
  const own: Owner = { pid: process.pid, host: hostname(), born: await birthOf(process.pid), job: ownJob() };
  const content = `${JSON.stringify(own)}\n`;
  for (;;) {
    if (await guardWrite(file, () => create(file, content))) break;
    const owner = await readOwner(file);
    if (owner !== null && (await isAlive(owner))) {
      throw new RunError('run-locked', { file, what, pid: owner.pid, host: owner.host, isHere: owner.host === hostname() });
    }
    await guardWrite(file, () => removeStale(file, owner));
  }
  return {
    release: async () => {
      const owner = await readOwner(file);
      if (owner?.pid === own.pid && owner.host === own.host) await rm(file, { force: true });
    },
  };
};
