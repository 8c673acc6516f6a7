/**
 * The commands of Slurm that are used: sbatch, squeue, scontrol, scancel. None of them asks slurmdbd, which many clusters do not have;
 * what squeue has forgotten (MinJobAge), run.json still knows.
 */
import { execFile } from 'node:child_process';
import { BatchError } from '../errors.js';

/** Slurm keeps a command waiting while its controller restarts. */
const timeoutMs = 120_000;

/** Standard output. Throws BatchError (`no-scheduler`) where the command is missing or refuses. */
const call = (command: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(command, [...args], { encoding: 'utf8', timeout: timeoutMs, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else if (error.code === 'ENOENT')
        reject(new BatchError('no-scheduler', { command, reason: 'there is no such command: Slurm is not installed here' }));
      else reject(new BatchError('no-scheduler', { command, reason: stderr.trim() || error.message }));
    });
  });

/** The number of the job. */
export const sbatch = async (script: string, folder: string, args: readonly string[]): Promise<string> => {
  const text = await call('sbatch', ['--parsable', `--chdir=${folder}`, ...args, script]);
  const [, job] = /^(\d+)/m.exec(text) ?? [];
  if (job === undefined) throw new BatchError('no-scheduler', { command: 'sbatch', reason: `it answers ${JSON.stringify(text)}` });
  return job;
};

export interface SlurmTask {
  readonly job: string;
  /** Within its array; null for a job that is none. */
  readonly index: number | null;
  readonly state: string;
  readonly name: string;
}

/** All that Slurm still knows under these names, ended ones included. */
export const squeue = async (names: readonly string[]): Promise<readonly SlurmTask[]> => {
  if (names.length === 0) return [];
  const text = await call('squeue', ['--noheader', '--array', '--states=all', `--name=${names.join(',')}`, '--format=%F|%K|%T|%j']);
  return text.split('\n').flatMap((line) => {
    const [job, index, state, name] = line.trim().split('|');
    if (job === undefined || index === undefined || state === undefined || name === undefined) return [];
    return [{ job, index: /^\d+$/.test(index) ? Number(index) : null, state, name }];
  });
};

const ended = [
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'TIMEOUT',
  'NODE_FAIL',
  'PREEMPTED',
  'OUT_OF_MEMORY',
  'BOOT_FAIL',
  'DEADLINE',
  'REVOKED',
];

/** Whether Slurm is going to do something about it, or does. */
export const isActive = ({ state }: SlurmTask): boolean => !ended.includes(state);

export const scancel = async (jobs: readonly string[]): Promise<void> => {
  if (jobs.length > 0) await call('scancel', ['--quiet', ...jobs]);
};

/** How many tasks an array may have: indices go from 0 to MaxArraySize - 1. */
export const readMaxArraySize = async (): Promise<number> => {
  const [, size] = /^MaxArraySize\s*=\s*(\d+)/m.exec(await call('scontrol', ['show', 'config'])) ?? [];
  return Math.max(1, Number(size ?? 1001));
};
