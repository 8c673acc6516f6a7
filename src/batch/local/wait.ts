/** Until nobody is at work on a run: the worker of a controller that was killed a moment ago leaves a checkpoint, and ends. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findLockOwner } from '../../runner/output/lock.js';
import type { Task, Watcher } from '../launcher.js';

const pollMs = 200;
const patientPolls = 10;

const lockText = (folder: string, { pid, host }: { readonly pid: number; readonly host: string }): string =>
  `process ${String(pid)} on ${host} is at work on it; if there is none any more, remove ${join(folder, 'run.lock')}`;

/** False where it was asked to stop. */
export const waitUntilFree = async (task: Task, watcher: Pick<Watcher, 'waiting'>, signal: AbortSignal): Promise<boolean> => {
  let isTold = false;
  for (let waits = 0; !signal.aborted; waits++) {
    const owner = await findLockOwner(join(task.folder, 'run.lock'));
    if (owner === null) break;
    // Workers of this machine need a moment to end; whether one of another machine ever does, nobody here can tell.
    if (!isTold && (owner.host !== hostname() || waits > patientPolls)) {
      isTold = true;
      watcher.waiting(task, lockText(task.folder, owner));
    }
    await sleep(pollMs);
  }
  return !signal.aborted;
};
