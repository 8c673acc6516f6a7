/** run.json: the truth about a run's state. */
import { createHash } from 'node:crypto';
import { isMap } from '../../registry/values.js';
import type { ExperimentHashes } from '../config/hash.js';
import type { Warning } from '../sentinels/index.js';
import { RunError } from '../errors.js';
import type { Provenances } from '../provenance.js';
import type { Checkpoint } from './checkpoint.js';
import type { Clock } from './clock.js';
import type { SavedPicture } from './pictures.js';
import type { RunDirectory } from './run-directory.js';
import { SpareFile } from './spare-file.js';
import { describeGit, describeMachine, describeVersions, type GitState, type Machine } from './surroundings.js';
import { guardWrite } from './write-errors.js';

/** `queued`: prepared by a batch, and not begun. */
export type RunStatus = 'queued' | 'running' | 'done' | 'failed' | 'interrupted';

/** Raised when a reader of older records would misread newer ones. */
export const recordFormat = 3;

/** run.json: what a run is, how far it has come, and what came of it. Times are ISO 8601 in UTC. */
export interface RunRecord {
  readonly format: number;
  readonly status: RunStatus;
  readonly experiment: string;
  readonly run: string;
  readonly config: { readonly file: string; readonly sha256: string };
  /** Tell experiments apart by their content; see hash.ts. */
  readonly hashes: ExperimentHashes;
  /** Where it stands on the axes of a sweep, by the axis's name; older records do not say it. */
  readonly axes?: Readonly<Record<string, string>>;
  readonly seed: number;
  /** Folder that it was started in: where relative paths begin. */
  readonly workingFolder: string;
  readonly started: string;
  /** Later sessions, each with its time and the step that it went on from. */
  readonly resumed: readonly { readonly time: string; readonly step: number }[];
  /** Sessions of a batch that crashed, hung or went beyond a limit. */
  readonly mishaps: readonly Mishap[];
  readonly ended: string | null;
  readonly seconds: number | null;
  readonly pid: number;
  /** Of latentlab, Node and the packages that compute, by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly engine: { readonly name: string; readonly threads: number | null } | null;
  readonly machine: Machine;
  /** Modules with components of the user's own: as the resolved experiment names them, with the version of a package and a hash of what was loaded. */
  readonly plugins: readonly PluginRecord[];
  /** Of the folder that the run was started in. */
  readonly git: GitState | null;
  readonly data: { readonly description: string; readonly hashes: Readonly<Record<string, string>> } | null;
  /** What names the classes of samples: the share of right classes on `split`, the folder of the run that trained it, and the hash of its weights. */
  readonly classifier: {
    readonly type: string;
    readonly accuracy: number;
    readonly split: string;
    readonly folder: string;
    readonly sha256?: string;
  } | null;
  readonly parameters: number | null;
  readonly epoch: number;
  readonly step: number;
  /** How long it is to be; null before training. */
  readonly total: { readonly epochs: number; readonly steps: number } | null;
  /** In seconds. */
  readonly timings: Readonly<Record<string, number>>;
  readonly metrics: Readonly<Record<string, number | null>>;
  /** What figures hang on, by hash; and the hash for each figure of `metrics`. */
  readonly provenance?: Provenances['provenance'];
  readonly measured?: Provenances['measured'];
  /** Figures of checkpoints that were measured afterwards, as eval.csv has them. */
  readonly evaluations?: readonly Evaluation[];
  readonly pictures: readonly SavedPicture[];
  readonly weights: string | null;
  /** What sentinels have said. */
  readonly warnings: readonly Warning[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** A figure of a checkpoint. */
export interface Evaluation {
  readonly step: number;
  readonly epoch: number;
  readonly split: string;
  /** The metric's column. */
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** Hash of what it hangs on, in `provenance`. */
  readonly provenance: string;
  /** Hash of the weights and of all that was measured: while it is the same, nothing is measured again. */
  readonly key: string;
}

export interface Mishap {
  readonly time: string;
  readonly code: string;
  readonly message: string;
}

export interface PluginRecord {
  readonly plugin: string;
  readonly version: string | null;
  readonly sha256: string;
}

const statuses: readonly unknown[] = ['queued', 'running', 'done', 'failed', 'interrupted'] satisfies readonly RunStatus[];

/** Whether a value is a record of this format, as far as a run that goes on relies on it. */
export const isRunRecord = (value: unknown): value is RunRecord => {
  if (!isMap(value) || value['format'] !== recordFormat || !statuses.includes(value['status'])) return false;
  const { run, experiment, workingFolder, resumed, mishaps, pictures, plugins, timings, versions, config, hashes } = value;
  return (
    [run, experiment, workingFolder].every((name) => typeof name === 'string') &&
    [resumed, mishaps, pictures, plugins].every((list) => Array.isArray(list)) &&
    [timings, versions, config, hashes].every(isMap)
  );
};

export interface RecordSink {
  readonly current: RunRecord;
  /** Changes the record, in memory at once and on disk when the promise resolves. The end of a run is recorded on a full disk too. */
  update(changes: Partial<RunRecord>): Promise<void>;
}

export interface RecordStart {
  readonly experiment: string;
  readonly seed: number;
  readonly file: string;
  /** The resolved experiment as text. */
  readonly resolved: string;
  readonly hashes: ExperimentHashes;
  readonly axes?: Readonly<Record<string, string>>;
  readonly version: string;
  readonly plugins: readonly PluginRecord[];
}

/** The record of a run that has not begun. */
export const queuedRecord = (run: string, clock: Clock, start: RecordStart): RunRecord => {
  const { experiment, seed, file, resolved, hashes, axes = {}, version, plugins } = start;
  return {
    format: recordFormat,
    status: 'queued',
    experiment,
    run,
    config: { file, sha256: createHash('sha256').update(resolved).digest('hex') },
    hashes,
    axes,
    seed,
    workingFolder: process.cwd(),
    started: clock.now().toISOString(),
    resumed: [],
    mishaps: [],
    ended: null,
    seconds: null,
    pid: process.pid,
    versions: describeVersions(version),
    engine: null,
    machine: describeMachine(),
    plugins,
    git: null,
    data: null,
    classifier: null,
    parameters: null,
    epoch: 0,
    step: 0,
    total: null,
    timings: {},
    metrics: {},
    pictures: [],
    weights: null,
    warnings: [],
    error: null,
  };
};

/**
 * Starts a record. Room for what may follow is taken on the disk at once: the last thing that a full disk should prevent is to say that
 * the disk was full. Throws RunError.
 */
export const createRecord = async (directory: RunDirectory, clock: Clock, start: RecordStart): Promise<RecordSink> => {
  const git = await describeGit(process.cwd());
  return keepRecord(directory, { ...queuedRecord(directory.id, clock, start), status: 'running', git });
};

/**
 * Goes on with the record of a run whose process has ended, as it was at `checkpoint`; null: as at the beginning. One that was queued
 * begins. Throws RunError.
 */
export const continueRecord = (
  directory: RunDirectory,
  clock: Clock,
  old: RunRecord,
  checkpoint: Checkpoint | null,
): Promise<RecordSink> => {
  const step = checkpoint?.step ?? 0;
  const time = clock.now().toISOString();
  // It may have been queued on another machine.
  const session = old.status === 'queued' ? { started: time, machine: describeMachine() } : { resumed: [...old.resumed, { time, step }] };
  return keepRecord(directory, {
    ...old,
    ...session,
    status: 'running',
    pid: process.pid,
    ...{ ended: null, seconds: null, error: null, step, epoch: checkpoint?.epoch ?? 0 },
    pictures: old.pictures.slice(0, checkpoint?.progress.numPictures ?? 0),
  });
};

const keepRecord = async (directory: RunDirectory, start: RunRecord): Promise<RecordSink> => {
  let record = start;
  const write = createRecordWriter(directory);
  await write(record);
  return {
    get current() {
      return record;
    },
    update: (changes) => {
      record = { ...record, ...changes };
      return write(record);
    },
  };
};

/** Writes one record after the other, whole; the one of a run that has ended with the room that was taken for it, if need be. */
const createRecordWriter = (directory: RunDirectory): ((record: RunRecord) => Promise<void>) => {
  const target = directory.file('run.json');
  const spare = new SpareFile(directory.file('.run.json.spare'));
  const write = async (record: RunRecord): Promise<void> => {
    const text = `${JSON.stringify(record, null, 2)}\n`;
    if (record.status === 'running') {
      await directory.write('run.json', text);
      await guardWrite(target, () => spare.reserve(Buffer.byteLength(text)));
      return;
    }
    try {
      await directory.write('run.json', text);
    } catch (error) {
      if (!(error instanceof RunError) || error.code !== 'disk-full') throw error;
      await guardWrite(target, () => spare.become(target, text));
    }
    await spare.remove();
  };
  let last: Promise<unknown> = Promise.resolve();
  return (record) => {
    const done = last.then(() => write(record));
    last = done.catch(() => undefined);
    return done;
  };
};
