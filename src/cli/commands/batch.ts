/** `latentlab batch DIR|FILES|PATTERN...`: trains every experiment of a folder, each in a process of its own. */
import { openBatch, type Batch, type Choice, type Priority } from '../../batch/batch.js';
import { BatchError } from '../../batch/errors.js';
import { diskFull, type Watcher } from '../../batch/launcher.js';
import { createView } from '../../batch/view/view.js';
import { ConfigError } from '../../registry/errors.js';
import { RunError } from '../../runner/errors.js';
import { systemClock } from '../../runner/output/clock.js';
import { createRegistry } from '../../runner/registry.js';
import { isUserError } from '../../runner/user-errors.js';
import { changesOf, type ChangeOptions } from '../changes.js';
import type { Io } from '../io.js';
import { interruptedByUser, listenForSignals } from '../signals.js';
import { chooseLauncher, resourcesOf, type LauncherOptions } from './launchers.js';
import { summarize } from './summary.js';

export interface BatchCommandOptions extends LauncherOptions, ChangeOptions {
  readonly out?: string;
  readonly keepGoing: boolean;
  readonly onlyFailed: boolean;
  readonly needed: boolean;
  readonly restart: boolean;
  readonly dryRun: boolean;
  readonly priority: readonly string[];
  readonly only: readonly string[];
  readonly metric: readonly string[];
  readonly quiet: boolean;
  readonly json: boolean;
}

const usageError = 2;
const tryAgain = 75;

const choiceOf = ({ onlyFailed, needed, restart, failFast, keepGoing }: BatchCommandOptions): Choice => {
  const chosen = [...(onlyFailed ? ['--only-failed'] : []), ...(needed ? ['--needed'] : []), ...(restart ? ['--restart'] : [])];
  if (chosen.length > 1) throw new BatchError('bad-option', { option: chosen.join(' and '), reason: 'exclude each other' });
  if (failFast && keepGoing) throw new BatchError('bad-option', { option: '--fail-fast and --keep-going', reason: 'exclude each other' });
  return onlyFailed ? 'failed' : needed ? 'needed' : restart ? 'restart' : 'unfinished';
};

const parsePriority = (text: string): Priority => {
  const [, pattern, number] = /^(.+)=(-?\d+)$/.exec(text) ?? [];
  if (pattern === undefined)
    throw new BatchError('bad-option', { option: `--priority ${text}`, reason: 'is no pattern=number, such as --priority vae-*=10' });
  return { pattern, priority: Number(number) };
};

const describePlan = ({ folder, manifest, tasks, statuses }: Batch): readonly string[] => {
  const wanted = new Map(tasks.map((task) => [task.name, task]));
  const what = (name: string): string => {
    const status = statuses.get(name) ?? null;
    const task = wanted.get(name);
    if (task === undefined) return status === 'failed' ? 'failed; --only-failed tries it again' : `${status ?? 'queued'}; nothing to do`;
    const priority = task.priority === 0 ? '' : ` (priority ${String(task.priority)})`;
    return `${status === null || status === 'queued' ? 'start' : `go on, it is ${status}`}${priority}`;
  };
  const width = Math.max(...manifest.runs.map(({ name }) => name.length));
  return [
    `${String(tasks.length)} of ${String(manifest.runs.length)} runs in ${folder}`,
    ...manifest.runs.map(({ name, file }) => `  ${name.padEnd(width)}  ${what(name)}  ${file}`),
  ];
};

const describeLeft = ({ tasks, statuses }: Batch): readonly string[] => {
  const wanted = new Set(tasks.map(({ name }) => name));
  const failed = [...statuses].filter(([name, status]) => status === 'failed' && !wanted.has(name)).length;
  return failed === 0 ? [] : [`${String(failed)} failed before, and will not be tried again unless with --only-failed`];
};

/** Exit code: 0 all done, 1 a run failed, 2 files or arguments are wrong, 130 Ctrl-C, 75 SIGTERM, or another process is at work on the batch. */
export const batchCommand = async (inputs: readonly string[], options: BatchCommandOptions, io: Io): Promise<number> => {
  try {
    const choice = choiceOf(options);
    const priorities = options.priority.map(parsePriority);
    const { only, dryRun } = options;
    const resources = resourcesOf(options);
    const changes = changesOf(options);
    const batch = await openBatch(
      { inputs, out: options.out ?? null, changes, choice, priorities, resources, only, dryRun },
      createRegistry(),
    );
    try {
      if (!dryRun) return await runBatch(batch, options, io);
      for (const line of [...batch.notes, ...describePlan(batch)]) io.out(line);
      return 0;
    } finally {
      await batch.release();
    }
  } catch (error) {
    if (!(error instanceof BatchError) && !isUserError(error)) throw error;
    io.err(error instanceof ConfigError ? `${error.message}\n\nnothing was started` : `latentlab: ${error.message}`);
    if (error instanceof RunError) return error.code === 'run-locked' ? tryAgain : 1;
    return error instanceof BatchError && error.code === 'no-scheduler' ? 1 : usageError;
  }
};

const runBatch = async (batch: Batch, options: BatchCommandOptions, io: Io): Promise<number> => {
  const { manifest, tasks, folder, statuses } = batch;
  const wanted = new Set(tasks.map(({ name }) => name));
  const count = (status: string): number => manifest.runs.filter(({ name }) => statuses.get(name) === status && !wanted.has(name)).length;
  const mode = options.json ? 'json' : options.quiet ? 'quiet' : 'text';
  const { launcher, how, isDetached } = await chooseLauncher(batch, options);
  const view = createView({
    ...{ stream: process.stdout, isTty: process.stdout.isTTY, clock: systemClock, mode },
    ...{ total: manifest.runs.length, done: count('done'), failed: count('failed') },
  });
  const signals = listenForSignals(() => {
    view.note('stopping: each run leaves a checkpoint');
  });
  const withoutRoom: string[] = [];
  const watcher: Watcher = {
    ...view,
    ended: (task, verdict) => {
      if (verdict.status === 'failed' && verdict.code === diskFull) withoutRoom.push(task.name);
      view.ended(task, verdict);
    },
  };
  try {
    for (const line of [...batch.notes, ...describeLeft(batch)]) view.note(line);
    if (tasks.length > 0) view.note(`${String(tasks.length)} of ${String(manifest.runs.length)} runs to do, ${how}, in ${folder}`);
    await launcher.launch(tasks, watcher, signals.signal);
  } finally {
    signals.stop();
    view.end();
  }
  if (isDetached && !signals.signal.aborted) {
    if (mode === 'text') io.out(`submitted; latentlab status ${folder} says how far it is, and the same command watches`);
    return 0;
  }
  const { isAllDone: isWholeDone, statuses: ended, lines } = await summarize(folder, options.metric);
  // With --only, the others are not its business.
  const isAllDone = options.only.length === 0 ? isWholeDone : tasks.every(({ name }) => ended.get(name) === 'done');
  if (mode === 'text') for (const line of lines) io.out(line);
  if (withoutRoom.length > 0) io.err('latentlab: the disk is full; the same command goes on when there is room');
  if (signals.signal.aborted) {
    if (mode === 'text') io.out('stopped; the same command goes on');
    return signals.isUser() ? interruptedByUser : tryAgain;
  }
  return isAllDone ? 0 : 1;
};
