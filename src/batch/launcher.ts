/**
 * What all launchers have in common. A launcher turns folders of runs into processes `latentlab worker --run DIR`, here or elsewhere, and
 * nothing more: what a run's state is, its run.json says.
 */
import type { Resources } from '../runner/config/resource-params.js';
import type { RunErrorCode } from '../runner/errors.js';
import type { RunRecord } from '../runner/output/record.js';
import type { WorkerProgress } from './messages.js';

/** A run that is to be started, or gone on with. */
export interface Task {
  readonly name: string;
  readonly folder: string;
  readonly priority: number;
  /** What it is given, and may take; what nobody has said, the launcher decides. */
  readonly resources: Resources;
  /** Sees to it that the folder is there, with all that a worker needs. Throws RunError. */
  readonly prepare: () => Promise<void>;
}

/** What a run may use, unless its own resources say otherwise; null: no limit. */
export interface Limits {
  readonly memoryMiB: number | null;
  readonly minutes: number | null;
  /** How long it may give no sign of life. */
  readonly silentMinutes: number | null;
}

/** Those of a task: its own word, and where it has none, these. */
export const limitsOf = ({ resources: { memory, timeLimit } }: Task, limits: Limits): Limits => ({
  memoryMiB: memory === null ? limits.memoryMiB : memory * 1024,
  minutes: timeLimit ?? limits.minutes,
  silentMinutes: limits.silentMinutes,
});

/** Code of a run that had no room for what it wrote: no fault of its own, and the next one would have none either. */
export const diskFull: RunErrorCode = 'disk-full';

/** How a task came to its end. */
export type Verdict =
  | { readonly status: 'done'; readonly record: RunRecord }
  /** `record` is null where there is none any more. */
  | { readonly status: 'failed'; readonly code: string; readonly message: string; readonly record: RunRecord | null }
  /** It was asked to stop, and goes on from its checkpoint when the batch does. */
  | { readonly status: 'stopped' };

/** Told what happens, in this order for each task: `waiting` if it has to, `started`, any number of `progress`, then `again` or `ended`. */
export interface Watcher {
  readonly started: (task: Task) => void;
  readonly progress: (task: Task, progress: WorkerProgress) => void;
  /** Before `started`: something else keeps it from that. Said once. */
  readonly waiting: (task: Task, reason: string) => void;
  readonly again: (task: Task, reason: string, inSeconds: number) => void;
  readonly ended: (task: Task, verdict: Verdict) => void;
}

export interface Launcher {
  /**
   * Resolves when no process of these tasks is left that it would have to look after; what has not been started is then still queued.
   * An aborted signal asks all of them to stop with a checkpoint.
   * @throws RunError where a folder cannot be prepared; those that run come to their end before.
   */
  launch(tasks: readonly Task[], watcher: Watcher, signal: AbortSignal): Promise<void>;
}
