/**
 * The process that has started a worker: where it is told how the run goes, and what happens when it is gone. A worker whose parent was
 * killed ends by itself, so that it does not keep a machine busy that nobody watches.
 */
import { Worker } from 'node:worker_threads';

/** A checkpoint takes seconds; what hangs longer is ended from outside. */
const graceMs = 20_000;
const pollMs = 500;

/** Runs in a thread: it ends the process also while the main thread is in a computation that does not end. */
const watchdog = `
  const parent = process.ppid;
  let left = ${String(graceMs / pollMs)};
  setInterval(() => {
    if (process.ppid !== parent && left-- <= 0) process.kill(process.pid, 'SIGKILL');
  }, ${String(pollMs)});
`;

export interface Parent {
  readonly tell: (message: object) => void;
  readonly stop: () => void;
}

/** Null for a worker that was started by something else than a batch on this machine: a scheduler sees to its processes itself. */
export const watchParent = (onGone: () => void): Parent | null => {
  if (process.channel === undefined) return null;
  process.once('disconnect', onGone);
  const thread = new Worker(watchdog, { eval: true });
  thread.unref();
  return {
    tell: (message) => {
      // A channel that has just been closed is no fault: `disconnect` is about to say so.
      if (process.connected) process.send?.(message, () => undefined);
    },
    stop: () => {
      process.off('disconnect', onGone);
      if (process.connected) process.disconnect();
      void thread.terminate();
    },
  };
};
