/**
 * The launcher for any number of machines with a shared folder: puts the runs into a queue in Redis, and looks on. Workers
 * (`latentlab worker --queue`) take them from there; that goes on without this process, and the same command looks on again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, type Job } from 'bullmq';
import { readRecord } from '../../runner/resume.js';
import { recordOf } from '../follow.js';
import { diskFull, type Launcher, type Task, type Verdict, type Watcher } from '../launcher.js';
import { isWorkerProgress } from '../messages.js';
import { connectionOf, queueName, waitUntilReady, type QueueAddress } from './connection.js';
import { jobId, readReason, type JobData } from './job.js';
import { askToStop, expectRuns, forgetRuns } from './signs.js';

export interface QueueOptions {
  /** Of the batch: an absolute path, the same on all machines. */
  readonly folder: string;
  readonly address: QueueAddress;
  readonly silentMinutes: number;
  readonly retries: number;
  readonly backoffSeconds: number;
  readonly failFast: boolean;
  readonly detach: boolean;
}

interface Followed {
  readonly task: Task;
  readonly data: JobData;
  readonly id: string;
}

const pollMs = 500;
/** Jobs that are neither seen at work nor were a moment ago are asked for so many at a time. */
const sliceSize = 200;
const chunkSize = 500;
/** A worker that was asked to stop looks every second, and gives its run half a minute for a checkpoint. */
const patienceMs = 45_000;

class Watch {
  readonly #queue: Queue<JobData>;
  readonly #watcher: Watcher;
  readonly #batch: string;
  readonly #failFast: boolean;
  readonly #followed: Map<string, Followed>;
  #atWork = new Set<string>();
  #slice = 0;

  constructor(queue: Queue<JobData>, followed: readonly Followed[], watcher: Watcher, { folder, failFast }: QueueOptions) {
    this.#queue = queue;
    this.#watcher = watcher;
    this.#batch = folder;
    this.#failFast = failFast;
    this.#followed = new Map(followed.map((each) => [each.id, each]));
  }

  async follow(signal: AbortSignal): Promise<void> {
    while (this.#followed.size > 0 && !signal.aborted) {
      await this.#look();
      if (this.#followed.size > 0) await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    }
    if (signal.aborted) await this.#withdraw();
  }

  /** What has not begun is taken back; what a worker is at work on it stops, with a checkpoint. */
  async #withdraw(): Promise<void> {
    const ids = [...this.#followed.keys()];
    await askToStop(this.#queue, ids);
    const end = performance.now() + patienceMs;
    while (this.#followed.size > 0) {
      const isLate = performance.now() > end;
      for (const { id, task } of this.#followed.values()) {
        const job = await this.#queue.getJob(id);
        // A job at work is locked, and stays until its worker has ended it.
        const isGone =
          job === undefined ||
          (await job.remove().then(
            () => true,
            () => false,
          ));
        if (isGone || isLate) this.#end(id, (await this.#verdictOf(task, null)) ?? { status: 'stopped' });
      }
      if (this.#followed.size > 0) await sleep(pollMs);
    }
    await forgetRuns(this.#queue, this.#batch, ids);
  }

  #end(id: string, verdict: Verdict): void {
    const task = this.#followed.get(id)?.task;
    this.#followed.delete(id);
    this.#atWork.delete(id);
    if (task !== undefined) this.#watcher.ended(task, verdict);
  }

  async #look(): Promise<void> {
    const active = new Map<string, Job<JobData>>();
    for (const job of await this.#queue.getJobs(['active'])) if (job.id !== undefined) active.set(job.id, job);
    const left = [...this.#atWork].filter((id) => !active.has(id));
    for (const [id, job] of active) this.#sees(id, job);
    const others = [...this.#followed.keys()].filter((id) => !active.has(id));
    const start = this.#slice >= others.length ? 0 : this.#slice;
    this.#slice = start + sliceSize;
    for (const id of new Set([...left, ...others.slice(start, start + sliceSize)])) await this.#ask(id);
  }

  #sees(id: string, job: Job<JobData>): void {
    const task = this.#followed.get(id)?.task;
    if (task === undefined) return;
    if (!this.#atWork.has(id)) this.#watcher.started(task);
    this.#atWork.add(id);
    if (isWorkerProgress(job.progress)) this.#watcher.progress(task, job.progress);
  }

  async #ask(id: string): Promise<void> {
    const followed = this.#followed.get(id);
    if (followed === undefined) return;
    const { task, data } = followed;
    const job = await this.#queue.getJob(id);
    const state = job === undefined ? 'unknown' : await job.getState();
    if (state === 'active') return;
    if (state !== 'unknown' && state !== 'failed' && state !== 'completed') {
      if (this.#atWork.delete(id)) this.#watcher.again(task, 'its worker has given it back, or is no more', 0);
      return;
    }
    const verdict = await this.#verdictOf(task, state === 'failed' ? (job?.failedReason ?? 'it has failed') : null);
    // Redis has lost it: one that keeps nothing on disk was restarted.
    if (verdict === null) return enqueue(this.#queue, this.#batch, [{ id, data }]);
    this.#end(id, verdict);
    if (verdict.status === 'failed' && (this.#failFast || verdict.code === diskFull)) await this.#withdraw();
  }

  async #verdictOf({ folder }: Task, reason: string | null): Promise<Verdict | null> {
    const record = await recordOf(folder);
    if (record?.status === 'done') return { status: 'done', record };
    if (record?.status === 'failed')
      return { status: 'failed', code: record.error?.code ?? 'unknown', message: record.error?.message ?? 'its log says more', record };
    return reason === null ? null : { status: 'failed', ...readReason(reason), record };
  }
}

/** A job that is there already is not queued again; one that has failed makes room first. */
const enqueue = async (
  queue: Queue<JobData>,
  batch: string,
  jobs: readonly { readonly id: string; readonly data: JobData }[],
): Promise<void> => {
  for (let start = 0; start < jobs.length; start += chunkSize) {
    const chunk = jobs.slice(start, start + chunkSize);
    await Promise.all(
      chunk.map(async ({ id }) => {
        const job = await queue.getJob(id);
        if (job !== undefined && ((await job.isFailed()) || (await job.isCompleted()))) await job.remove();
      }),
    );
    await expectRuns(
      queue,
      batch,
      chunk.map(({ id }) => id),
    );
    await queue.addBulk(chunk.map(({ id, data }) => ({ name: data.run, data, opts: { jobId: id, removeOnComplete: true } })));
  }
};

export const createQueueLauncher = (options: QueueOptions): Launcher => ({
  launch: async (tasks, watcher, signal) => {
    const { folder: batch, address, silentMinutes, retries, backoffSeconds, detach } = options;
    const queue = new Queue<JobData>(queueName, { connection: connectionOf(address) });
    try {
      await waitUntilReady(address, queue);
      const followed: Followed[] = [];
      for (const task of tasks.toSorted((a, b) => b.priority - a.priority)) {
        if (signal.aborted) return;
        await task.prepare();
        const { hashes } = await readRecord(task.folder);
        const { memory, timeLimit: minutes } = task.resources;
        const memoryMiB = memory === null ? null : memory * 1024;
        const limits = { memoryMiB, minutes, silentMinutes };
        const data: JobData = { batch, run: task.name, hash: hashes.experiment, ...limits, retries, backoffSeconds };
        followed.push({ task, data, id: jobId(data) });
      }
      await enqueue(queue, batch, followed);
      if (!detach) await new Watch(queue, followed, watcher, options).follow(signal);
    } finally {
      await queue.close();
    }
  },
});
