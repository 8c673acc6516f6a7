/**
 * A worker of the queue: takes runs from Redis, and has each trained as the launcher of this machine does, in a process of its own. This
 * process has nothing to compute, and so renews the lock of its jobs in time; when it is killed, its runs leave a checkpoint and end, and
 * the queue gives them to another worker.
 */
import { DelayedError, UnrecoverableError, Worker, type Job } from 'bullmq';
import { noResources } from '../../runner/config/resource-params.js';
import { recordOf } from '../follow.js';
import { diskFull, type Task, type Verdict, type Watcher } from '../launcher.js';
import { createLocalLauncher } from '../local/launcher.js';
import { appendLog, type WorkerCommand } from '../local/process.js';
import { recordMishap } from '../local/verdict.js';
import { waitUntilFree } from '../local/wait.js';
import { endedLines, startedLine, waitingLine } from '../view/texts.js';
import { connectionOf, describeAddress, queueName, waitUntilReady, type QueueAddress } from './connection.js';
import { checkBatch, checkJob, failedReason } from './job.js';
import { endBatch, endRun, isAskedToStop } from './signs.js';

export interface QueueWorkerOptions {
  readonly address: QueueAddress;
  /** Where batches may lie. */
  readonly root: string;
  readonly jobs: number;
  readonly threads: number;
  /** Of each run where its job says nothing. */
  readonly memoryMiB: number;
  /** A worker that is not heard of for so long counts as dead. */
  readonly leaseSeconds: number;
  readonly command: WorkerCommand;
  /** Writes summary.csv of the batch in this folder. */
  readonly summarize: (batch: string) => Promise<void>;
  readonly say: (line: string) => void;
}

/** A run whose workers died so often may be what kills them. */
const mostLostWorkers = 10;
const progressMs = 1000;
/** How often it is asked whether a run at work is to stop. */
const stopMs = 1000;

/** Why a worker takes no more runs. */
export type WorkerEnd = 'asked' | 'disk-full';

/**
 * Resolves when the signal is aborted, or a run has found the disk full, and the runs in progress have left their checkpoints; their jobs go
 * back to the queue.
 */
export const workQueue = async (options: QueueWorkerOptions, asked: AbortSignal): Promise<WorkerEnd> => {
  const { address, jobs, leaseSeconds, say } = options;
  const halt = new AbortController();
  const signal = AbortSignal.any([asked, halt.signal]);
  let end: WorkerEnd = 'asked';
  // A lock of another machine whose job the queue has given to this one is that of a worker that is no more.
  process.env['LATENTLAB_JOB'] = queueName;
  const stops = new Map<string, AbortController>();
  const isAsked = new Set<string>();
  const work = async (job: Job, token?: string): Promise<string> => {
    const stop = new AbortController();
    const id = job.id ?? '';
    stops.set(id, stop);
    try {
      // A Redis that does not answer says nothing.
      if (await isAskedToStop(worker, id).catch(() => false)) isAsked.add(id);
      if (signal.aborted || isAsked.has(id)) stop.abort();
      const verdict = await train(job, options, stop.signal);
      if (verdict?.status === 'failed' && verdict.code === diskFull) {
        // The next run would have no room either, nor what those at work are about to write.
        end = 'disk-full';
        halt.abort();
      }
      if (isAsked.has(id) || verdict?.status === 'done' || verdict?.status === 'failed') {
        await conclude(job, id);
        if (verdict?.status === 'failed') throw new UnrecoverableError(failedReason(verdict.code, verdict.message));
        return verdict?.status ?? 'stopped';
      }
    } finally {
      stops.delete(id);
      isAsked.delete(id);
    }
    await job.moveToDelayed(Date.now(), token);
    throw new DelayedError();
  };
  /** The worker that ends the last run of a batch writes its summary: whoever has queued it may be gone. */
  const conclude = async (job: Job, id: string): Promise<void> => {
    const checked = await checkBatch(job.data, job.id, options.root).catch(() => null);
    if (checked === null || !(await endRun(worker, checked.batch, id))) return;
    await options.summarize(checked.batch);
    await endBatch(worker, checked.batch);
  };
  const worker = new Worker(queueName, work, {
    connection: connectionOf(address),
    concurrency: jobs,
    autorun: false,
    lockDuration: leaseSeconds * 1000,
    stalledInterval: leaseSeconds * 500,
    // The queue would fail the job behind everybody's back, and its run would never come to an end.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  });
  const abort = (): void => {
    for (const stop of stops.values()) stop.abort();
  };
  const heed = async (): Promise<void> => {
    for (const [id, stop] of stops)
      if (!isAsked.has(id) && (await isAskedToStop(worker, id))) {
        isAsked.add(id);
        stop.abort();
      }
  };
  const timer = setInterval(() => {
    // A Redis that does not answer says nothing.
    heed().catch(() => undefined);
  }, stopMs);
  // Somebody else has the job by now.
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) stops.get(id)?.abort();
  });
  signal.addEventListener('abort', abort);
  try {
    await waitUntilReady(address, worker);
    let last = '';
    worker.on('error', ({ message }) => {
      if (message !== last) say(`the queue: ${message}`);
      last = message;
    });
    say(`waits for runs from ${describeAddress(address)}, ${String(jobs)} at a time, in ${options.root}`);
    const ended = worker.run();
    if (!signal.aborted)
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          resolve();
        });
      });
    await worker.close();
    await ended;
    return end;
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', abort);
    await worker.close();
  }
};

/** Null where it was asked to stop before it began. */
const train = async (job: Job, options: QueueWorkerOptions, signal: AbortSignal): Promise<Verdict | null> => {
  const { root, command, threads, say } = options;
  const checked = await checkJob(job.data, job.id, root).catch((error: unknown) => String(error instanceof Error ? error.message : error));
  if (typeof checked === 'string') {
    say(`a job is refused: ${checked}`);
    return { status: 'failed', code: 'refused', message: checked, record: null };
  }
  const { data, folder } = checked;
  const { run, memoryMiB, minutes, silentMinutes, retries, backoffSeconds } = data;
  const task: Task = { name: run, folder, priority: 0, resources: noResources, prepare: () => Promise.resolve() };
  const limits = { memoryMiB: memoryMiB ?? options.memoryMiB, minutes, silentMinutes };
  let verdict: Verdict | null = null;
  let told = -Infinity;
  const watcher = {
    started: () => {
      say(startedLine(task));
    },
    waiting: (_: Task, reason: string) => {
      say(waitingLine(task, reason));
    },
    progress: (_: Task, progress: object) => {
      if (performance.now() - told < progressMs) return;
      told = performance.now();
      // Whoever looks on learns of it a second later.
      job.updateProgress(progress).catch(() => undefined);
    },
    again: () => undefined,
    ended: (_: Task, end: Verdict) => {
      verdict = end;
      for (const line of endedLines(task, end, null)) say(line);
    },
  };
  if (job.stalledCounter > mostLostWorkers) {
    const end = await giveUp(task, job.stalledCounter, watcher, signal);
    if (end !== null) watcher.ended(task, end);
    return verdict;
  }
  const launcher = createLocalLauncher({ command, jobs: 1, threads, limits, retries, backoffSeconds, failFast: false });
  try {
    await launcher.launch([task], watcher, signal);
  } catch (error) {
    // Of the worker itself: without a word in run.json the batch would wait for a run that nobody is at work on.
    watcher.ended(task, await failHere(task, error));
  }
  return verdict;
};

/** Writes into run.json, as far as it can be written, what has kept this worker from training the run. */
const failHere = async ({ folder }: Task, error: unknown): Promise<Verdict> => {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unexpected';
  const message = error instanceof Error ? error.message : String(error);
  const record = await recordMishap(folder, code, message, true).catch(() => null);
  await appendLog(folder, `latentlab: failed (${code}): ${message}`);
  return { status: 'failed', code, message, record };
};

/** The end of a run that has lost so many workers: failed, unless it has come to an end of its own. Null where it was asked to stop. */
const giveUp = async (task: Task, numLost: number, watcher: Pick<Watcher, 'waiting'>, signal: AbortSignal): Promise<Verdict | null> => {
  const { folder } = task;
  // The run of the last of them may not have noticed yet, and has the last word.
  if (!(await waitUntilFree(task, watcher, signal))) return null;
  const last = await recordOf(folder);
  if (last?.status === 'done') return { status: 'done', record: last };
  if (last?.status === 'failed' && last.error !== null) return { status: 'failed', ...last.error, record: last };
  const code = 'crashed';
  const message = `${String(numLost)} workers were lost while they had it; it may be what kills them`;
  const record = await recordMishap(folder, code, message, true);
  await appendLog(folder, `latentlab: failed (${code}): ${message}`);
  return { status: 'failed', code, message, record };
};
