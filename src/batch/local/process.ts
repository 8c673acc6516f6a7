/** One worker as a process of its own, from its start to its end: what it says, and what it is stopped for. */
import { fork } from 'node:child_process';
import { appendFile, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { guardWrite } from '../../runner/output/write-errors.js';
import type { Limits } from '../launcher.js';
import { isWorkerProgress, type WorkerProgress } from '../messages.js';

export interface WorkerCommand {
  /** A JavaScript file. */
  readonly program: string;
  readonly args: (folder: string) => readonly string[];
}

export interface ProcessOptions {
  readonly command: WorkerCommand;
  readonly threads: number;
  readonly limits: Limits;
  /** Milliseconds that this run has had before. */
  readonly usedMs: number;
}

export type LimitName = 'memory-limit' | 'time-limit' | 'silence';

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it was stopped for, and in words. */
  readonly limit: { readonly name: LimitName; readonly message: string } | null;
  readonly ms: number;
}

/** What a worker writes to its standard output and error. */
export const logFile = (folder: string): string => join(folder, 'log.txt');

export const appendLog = (folder: string, line: string): Promise<void> =>
  appendFile(logFile(folder), `${new Date().toISOString()} ${line}\n`).catch(() => undefined);

/** How long a worker may take to leave a checkpoint. */
const graceMs = 30_000;
const watchMs = 500;
/** V8 collects garbage before the process is as large as it may be; the rest is for tensors, which are not on its heap. */
const heapShare = 0.75;

/** Bytes of a process in memory, as Linux counts them; null elsewhere, and for one that has ended. */
const rssOf = async (pid: number): Promise<number | null> => {
  const text = await readFile(`/proc/${String(pid)}/status`, 'utf8').catch(() => '');
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(text) ?? [];
  return kib === undefined ? null : Number(kib) * 1024;
};

const minutesText = (minutes: number): string => `${String(minutes)} minute${minutes === 1 ? '' : 's'}`;

/**
 * Resolves when the process is no more. An aborted signal, and the end of its time, ask it to leave a checkpoint; memory and silence
 * give it no time for that.
 */
export const runProcess = async (
  folder: string,
  { command, threads, limits, usedMs }: ProcessOptions,
  onProgress: (progress: WorkerProgress) => void,
  signal: AbortSignal,
): Promise<Ending> => {
  const log = await guardWrite(logFile(folder), () => open(logFile(folder), 'a'));
  const started = performance.now();
  const heap = limits.memoryMiB === null ? [] : [`--max-old-space-size=${String(Math.ceil(limits.memoryMiB * heapShare))}`];
  const child = fork(command.program, [...command.args(folder)], {
    execArgv: heap,
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
    env: { ...process.env, LATENTLAB_THREADS: String(threads) },
  });
  let limit: Ending['limit'] = null;
  let lastSign = started;
  let reportedRss = 0;
  const killTimers: NodeJS.Timeout[] = [];
  const ask = (): void => {
    if (killTimers.length > 0) return;
    child.kill('SIGTERM');
    killTimers.push(setTimeout(() => child.kill('SIGKILL'), graceMs));
  };
  const exceed = (name: LimitName, message: string): void => {
    limit ??= { name, message };
    if (name === 'time-limit') ask();
    else child.kill('SIGKILL');
  };
  const watch = async (): Promise<void> => {
    const now = performance.now();
    const { memoryMiB, minutes, silentMinutes } = limits;
    if (minutes !== null && usedMs + now - started > minutes * 60_000) exceed('time-limit', `it took longer than ${minutesText(minutes)}`);
    if (silentMinutes !== null && now - lastSign > silentMinutes * 60_000)
      exceed('silence', `it gave no sign of life for ${minutesText(silentMinutes)}`);
    if (memoryMiB === null || child.pid === undefined) return;
    const mib = ((await rssOf(child.pid)) ?? reportedRss) / 2 ** 20;
    if (mib > memoryMiB) exceed('memory-limit', `it took ${mib.toFixed(0)} MiB of memory, and ${memoryMiB.toFixed(0)} are allowed`);
  };
  const timer = setInterval(() => void watch(), watchMs);
  // Attempts shorter than that would never be found to have used up their time.
  void watch();
  child.on('message', (message) => {
    lastSign = performance.now();
    if (!isWorkerProgress(message)) return;
    reportedRss = message.rss;
    onProgress(message);
  });
  signal.addEventListener('abort', ask);
  if (signal.aborted) ask();
  try {
    return await new Promise<Ending>((resolve) => {
      child.on('error', (error) => {
        void appendLog(folder, `latentlab: the process cannot be started: ${error.message}`);
        resolve({ code: null, signal: null, limit, ms: 0 });
      });
      child.on('exit', (code, exitSignal) => {
        resolve({ code, signal: exitSignal, limit, ms: performance.now() - started });
      });
    });
  } finally {
    clearInterval(timer);
    killTimers.forEach(clearTimeout);
    signal.removeEventListener('abort', ask);
    await log.close();
  }
};
