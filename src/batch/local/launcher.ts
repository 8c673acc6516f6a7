/** The launcher of this machine: so many processes side by side, the most urgent first, and another attempt for those that crash. */
import { setMaxListeners } from 'node:events';
import { RunError } from '../../runner/errors.js';
import { diskFull, limitsOf, type Launcher, type Limits, type Task, type Verdict, type Watcher } from '../launcher.js';
import { appendLog, runProcess, type WorkerCommand } from './process.js';
import { judge, recordMishap } from './verdict.js';
import { waitUntilFree } from './wait.js';

export interface LocalOptions {
  readonly command: WorkerCommand;
  readonly jobs: number;
  /** Of each run, at most. */
  readonly threads: number;
  readonly limits: Limits;
  /** How often a run is tried again that has crashed, or has ended early without having come any further. */
  readonly retries: number;
  /** Before the first such attempt; twice as long before each further one. */
  readonly backoffSeconds: number;
  readonly failFast: boolean;
}

const longestBackoffSeconds = 300;

/** A task on its way. */
interface Attempt {
  readonly task: Task;
  readonly numMishaps: number;
  readonly usedMs: number;
  /** The step that its last session ended at. */
  readonly step: number;
  readonly dueMs: number;
}

/** Highest priority first; `tasks` are in order otherwise. */
const nextDue = (queue: readonly Attempt[], nowMs: number): Attempt | undefined =>
  queue
    .filter(({ dueMs }) => dueMs <= nowMs)
    .reduce<Attempt | undefined>((best, each) => (best && best.task.priority >= each.task.priority ? best : each), undefined);

class Pool {
  readonly #options: LocalOptions;
  readonly #watcher: Watcher;
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #queue: readonly Attempt[];
  #fault: Error | null = null;
  #wake: () => void = () => undefined;

  constructor(options: LocalOptions, tasks: readonly Task[], watcher: Watcher, signal: AbortSignal) {
    this.#options = options;
    this.#watcher = watcher;
    this.#queue = tasks.map((task) => ({ task, numMishaps: 0, usedMs: 0, step: 0, dueMs: 0 }));
    const stop = (): void => {
      this.#stop.abort();
    };
    // Each process listens.
    setMaxListeners(0, this.#stop.signal);
    this.#stop.signal.addEventListener('abort', () => {
      this.#wake();
    });
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  }

  async drain(): Promise<void> {
    const { signal } = this.#stop;
    while (this.#running.size > 0 || (this.#queue.length > 0 && !signal.aborted)) {
      const next = signal.aborted || this.#running.size >= this.#options.jobs ? undefined : nextDue(this.#queue, performance.now());
      if (next !== undefined) {
        this.#queue = this.#queue.filter((each) => each !== next);
        const run: Promise<void> = this.#attempt(next)
          .catch((error: unknown) => {
            this.#fault ??= error instanceof Error ? error : new Error(String(error));
            this.#stop.abort();
          })
          .finally(() => {
            this.#running.delete(run);
            this.#wake();
          });
        this.#running.add(run);
      } else await this.#wait();
    }
    if (this.#fault !== null) throw this.#fault;
  }

  /** For the end of a process, for the next attempt to become due, or for the word to stop. */
  async #wait(): Promise<void> {
    const hasRoom = this.#running.size < this.#options.jobs && !this.#stop.signal.aborted;
    const dueMs = Math.min(...this.#queue.map((each) => each.dueMs)) - performance.now();
    await new Promise<void>((resolve) => {
      const timer = hasRoom && Number.isFinite(dueMs) ? setTimeout(resolve, Math.max(1, dueMs)) : undefined;
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #attempt(attempt: Attempt): Promise<void> {
    const { task, usedMs } = attempt;
    const { command, threads, limits } = this.#options;
    const { signal } = this.#stop;
    await task.prepare();
    if (!(await waitUntilFree(task, this.#watcher, signal))) return;
    this.#watcher.started(task);
    const ending = await runProcess(
      task.folder,
      { command, threads: Math.min(threads, task.resources.cpus ?? threads), limits: limitsOf(task, limits), usedMs },
      (progress) => {
        this.#watcher.progress(task, progress);
      },
      signal,
    );
    const judgement = await judge(task.folder, ending, signal.aborted);
    const later = { ...attempt, usedMs: usedMs + ending.ms };
    switch (judgement.status) {
      case 'again':
        return this.#again(later, judgement.code, judgement.message);
      case 'goesOn':
        if (judgement.step > attempt.step) return this.#requeue({ ...later, step: judgement.step }, 'it ended before its time', 0);
        return this.#again(later, 'no-progress', 'it ended before its time, without having come any further');
      case 'failed':
        if (ending.limit !== null) await recordMishap(task.folder, judgement.code, judgement.message, true).catch(() => undefined);
        return this.#end(task, judgement);
      case 'done':
      case 'stopped':
        return this.#end(task, judgement);
    }
  }

  /** Tries once more, if there is an attempt left. */
  async #again(attempt: Attempt, code: string, message: string): Promise<void> {
    const { retries, backoffSeconds } = this.#options;
    const { task, numMishaps } = attempt;
    const isLast = numMishaps >= retries;
    try {
      const record = await recordMishap(task.folder, code, message, isLast);
      const words = retries === 0 ? message : `${message}; ${String(retries + 1)} attempts`;
      if (isLast) {
        await this.#end(task, { status: 'failed', code, message: words, record });
        return;
      }
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      const why = error.code === diskFull ? diskFull : 'folder-gone';
      return this.#end(task, { status: 'failed', code: why, message: error.message, record: null });
    }
    const seconds = Math.min(longestBackoffSeconds, backoffSeconds * 2 ** numMishaps);
    return this.#requeue({ ...attempt, numMishaps: numMishaps + 1 }, message, seconds);
  }

  async #requeue(attempt: Attempt, reason: string, seconds: number): Promise<void> {
    await appendLog(attempt.task.folder, `latentlab: ${reason}; going on with it${seconds > 0 ? ` in ${String(seconds)} s` : ''}`);
    this.#watcher.again(attempt.task, reason, seconds);
    this.#queue = [...this.#queue, { ...attempt, dueMs: performance.now() + seconds * 1000 }];
  }

  async #end(task: Task, verdict: Verdict): Promise<void> {
    if (verdict.status === 'failed') {
      await appendLog(task.folder, `latentlab: failed (${verdict.code}): ${verdict.message}`);
      if (this.#options.failFast || verdict.code === diskFull) this.#stop.abort();
    }
    this.#watcher.ended(task, verdict);
  }
}

export const createLocalLauncher = (options: LocalOptions): Launcher => ({
  launch: (tasks, watcher, signal) => new Pool(options, tasks, watcher, signal).drain(),
});
