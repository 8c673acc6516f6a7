/** run.json: the truth about a run's state. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { Clock } from './clock.js';
import type { SavedPicture } from './pictures.js';
import type { RunDirectory } from './run-directory.js';

export type RunStatus = 'running' | 'done' | 'failed' | 'interrupted';

/** Raised when a reader of older records would misread newer ones. */
const format = 1;

export interface RunRecord {
  readonly format: number;
  readonly status: RunStatus;
  readonly experiment: string;
  readonly run: string;
  readonly config: { readonly file: string; readonly sha256: string };
  readonly seed: number;
  readonly started: string;
  readonly ended: string | null;
  readonly seconds: number | null;
  readonly pid: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly engine: { readonly name: string; readonly threads: number | null } | null;
  readonly machine: { readonly platform: string; readonly processor: string; readonly cores: number; readonly memoryGiB: number };
  readonly git: { readonly commit: string; readonly modified: boolean } | null;
  readonly data: { readonly description: string; readonly hashes: Readonly<Record<string, string>> } | null;
  readonly parameters: number | null;
  readonly epoch: number;
  readonly step: number;
  readonly timings: Readonly<Record<string, number>>;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly pictures: readonly SavedPicture[];
  readonly weights: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface RecordSink {
  readonly current: RunRecord;
  /** Changes the record, in memory and on disk. */
  update(changes: Partial<RunRecord>): Promise<void>;
}

export interface RecordStart {
  readonly experiment: string;
  readonly seed: number;
  readonly file: string;
  /** The resolved experiment as text. */
  readonly resolved: string;
  readonly version: string;
}

/**
 * Starts a record. The file is written at a size that later states fit into: the last thing that a full disk should prevent is to
 * say that the disk was full.
 */
export const createRecord = async (directory: RunDirectory, clock: Clock, start: RecordStart): Promise<RecordSink> => {
  let record: RunRecord = {
    format,
    status: 'running',
    experiment: start.experiment,
    run: directory.id,
    config: { file: start.file, sha256: createHash('sha256').update(start.resolved).digest('hex') },
    seed: start.seed,
    started: clock.now().toISOString(),
    ended: null,
    seconds: null,
    pid: process.pid,
    versions: { latentlab: start.version, node: process.version.slice(1) },
    engine: null,
    machine: {
      platform: `${process.platform}-${process.arch}`,
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryGiB: Math.round(totalmem() / 2 ** 30),
    },
    git: await gitState(),
    data: null,
    parameters: null,
    epoch: 0,
    step: 0,
    timings: {},
    metrics: {},
    pictures: [],
    weights: null,
    error: null,
  };
  const write = (): Promise<void> => directory.write('run.json', `${JSON.stringify(record, null, 2)}\n`);
  await write();
  return {
    get current() {
      return record;
    },
    update: async (changes) => {
      record = { ...record, ...changes };
      await write();
    },
  };
};

/** The checkout that the experiment is run in; null outside one, or without git. */
const gitState = async (): Promise<RunRecord['git']> => {
  const git = async (...args: readonly string[]): Promise<string> => (await promisify(execFile)('git', [...args], { timeout: 2000 })).stdout.trim();
  try {
    const commit = await git('rev-parse', 'HEAD');
    return { commit, modified: (await git('status', '--porcelain', '--untracked-files=no')) !== '' };
  } catch {
    return null;
  }
};
