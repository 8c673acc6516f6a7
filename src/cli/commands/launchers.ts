/** `--launcher`: what starts the runs of a batch, made of the options that it heeds; the others are refused. */
import { availableParallelism, totalmem } from 'node:os';
import { resolve } from 'node:path';
import type { Batch } from '../../batch/batch.js';
import { BatchError } from '../../batch/errors.js';
import type { Launcher } from '../../batch/launcher.js';
import { createLocalLauncher } from '../../batch/local/launcher.js';
import type { Resources } from '../../runner/config/resource-params.js';
import { program } from '../program.js';

export interface LauncherOptions {
  readonly launcher: 'local' | 'slurm' | 'bullmq';
  readonly jobs?: number;
  readonly memory?: number;
  readonly timeLimit?: number;
  readonly hangAfter?: number;
  readonly retries: number;
  readonly backoff?: number;
  readonly failFast: boolean;
  readonly cpus?: number;
  readonly gpus?: string;
  readonly partition?: string;
  readonly sbatch: readonly string[];
  readonly detach: boolean;
  readonly queue?: string;
  readonly queueCa?: string;
  readonly queueCert?: string;
  readonly queueKey?: string;
}

export interface ChosenLauncher {
  readonly launcher: Launcher;
  /** How the runs are started: `2 at a time`. */
  readonly how: string;
  /** Whether the batch goes on without this process, which is not to wait for it. */
  readonly isDetached: boolean;
}

const defaultHangMinutes = 15;
const defaultBackoffSeconds = 2;

/** Options that only some launchers heed, as they are written. */
const flags = {
  jobs: '--jobs',
  hangAfter: '--hang-after',
  backoff: '--backoff',
  cpus: '--cpus',
  gpus: '--gpus',
  partition: '--partition',
  sbatch: '--sbatch',
  detach: '--detach',
  queue: '--queue',
  queueCa: '--queue-ca',
  queueCert: '--queue-cert',
  queueKey: '--queue-key',
} as const;

const flagNames: readonly (keyof typeof flags)[] = [
  ...(['jobs', 'hangAfter', 'backoff', 'cpus', 'gpus', 'partition', 'sbatch', 'detach'] as const),
  ...(['queue', 'queueCa', 'queueCert', 'queueKey'] as const),
];

const heeded: Readonly<Record<LauncherOptions['launcher'], readonly (keyof typeof flags)[]>> = {
  local: ['jobs', 'hangAfter', 'backoff'],
  slurm: ['jobs', 'cpus', 'gpus', 'partition', 'sbatch', 'detach'],
  bullmq: ['hangAfter', 'backoff', 'detach', 'queue', 'queueCa', 'queueCert', 'queueKey'],
};

/** A setting without effect is a mistake of whoever gave it. */
const refuseOthers = (options: LauncherOptions): void => {
  const isGiven = (value: unknown): boolean => value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
  for (const name of flagNames)
    if (isGiven(options[name]) && !heeded[options.launcher].includes(name))
      throw new BatchError('bad-option', { option: flags[name], reason: `has no meaning for --launcher ${options.launcher}` });
  if (options.detach && options.failFast)
    throw new BatchError('bad-option', { option: '--detach and --fail-fast', reason: 'exclude each other: nobody would see the failure' });
};

/** These become a line of a script each. */
const checkWord = (option: string, text: string): string => {
  if (!/^[\w.,:=+/@%*-]+$/.test(text))
    throw new BatchError('bad-option', {
      option: `${option} ${JSON.stringify(text)}`,
      reason: 'may have letters, digits and . , : = + / @ % * - only',
    });
  return text;
};

/** What the options say of each run. Throws BatchError (`bad-option`). */
export const resourcesOf = ({ memory, timeLimit, cpus, gpus, partition, sbatch }: LauncherOptions): Resources => ({
  ...{ memory: memory ?? null, timeLimit: timeLimit ?? null, cpus: cpus ?? null },
  gpus: gpus === undefined ? null : checkWord('--gpus', gpus),
  partition: partition === undefined ? null : checkWord('--partition', partition),
  sbatch: sbatch.map((text) => checkWord('--sbatch', text)),
});

/** Bytes that processes may have here: a container may be allowed less than the machine has. */
export const machineMemory = (): number => {
  const allowed = process.constrainedMemory();
  return allowed > 0 ? Math.min(allowed, totalmem()) : totalmem();
};

const chooseLocal = ({ tasks }: Batch, options: LauncherOptions): ChosenLauncher => {
  const cores = availableParallelism();
  const jobs = Math.max(1, Math.min(options.jobs ?? cores, tasks.length));
  const launcher = createLocalLauncher({
    command: { program, args: (run) => ['worker', '--run', run] },
    jobs,
    threads: Math.max(1, Math.floor(cores / jobs)),
    limits: {
      ...{ memoryMiB: machineMemory() / 2 ** 20 / jobs, minutes: null },
      silentMinutes: options.hangAfter ?? defaultHangMinutes,
    },
    retries: options.retries,
    backoffSeconds: options.backoff ?? defaultBackoffSeconds,
    failFast: options.failFast,
  });
  return { launcher, how: `${String(jobs)} at a time`, isDetached: false };
};

/** A second of watching for every five hundred runs: squeue is a burden to a cluster's controller. */
const pollMs = (numTasks: number): number => Math.min(15_000, Math.max(1000, 2 * numTasks));

const chooseSlurm = async ({ folder, manifest, tasks }: Batch, options: LauncherOptions): Promise<ChosenLauncher> => {
  const { createSlurmLauncher } = await import('../../batch/slurm/launcher.js');
  const { jobs = null, retries, failFast, detach } = options;
  const launcher = createSlurmLauncher({
    ...{ folder: resolve(folder), created: manifest.created, command: [process.execPath, program] },
    ...{ jobs, retries, failFast, detach, pollMs: pollMs(tasks.length) },
  });
  return {
    launcher,
    how: `${jobs === null ? 'as many' : String(jobs)} at a time${jobs === null ? ' as Slurm has room for' : ''}`,
    isDetached: detach,
  };
};

/** The packages of the queue are optional ones of latentlab. */
export const loadQueue = async <T>(load: () => Promise<T>): Promise<T> => {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new BatchError('no-scheduler', { command: 'bullmq', reason: 'it is not installed here: npm install bullmq ioredis' });
  }
};

const chooseQueue = async ({ folder }: Batch, options: LauncherOptions): Promise<ChosenLauncher> => {
  const { createQueueLauncher } = await loadQueue(() => import('../../batch/bullmq/launcher.js'));
  const { findAddress } = await import('../../batch/bullmq/connection.js');
  const { retries, failFast, detach } = options;
  const launcher = createQueueLauncher({
    ...{ folder: resolve(folder), address: findAddress(options), retries, failFast, detach },
    silentMinutes: options.hangAfter ?? defaultHangMinutes,
    backoffSeconds: options.backoff ?? defaultBackoffSeconds,
  });
  return { launcher, how: 'as many at a time as workers take', isDetached: detach };
};

/** Throws BatchError (`bad-option`, `no-scheduler`). */
export const chooseLauncher = async (batch: Batch, options: LauncherOptions): Promise<ChosenLauncher> => {
  refuseOthers(options);
  switch (options.launcher) {
    case 'local':
      return chooseLocal(batch, options);
    case 'slurm':
      return chooseSlurm(batch, options);
    case 'bullmq':
      return chooseQueue(batch, options);
  }
};
