/** A run that was ended before its time: what of it can be gone on with. */
import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { HistoryRow } from '../registry/contracts/index.js';
import { isMap, ownValue } from '../registry/values.js';
import { hashExperiment } from './config/hash.js';
import type { LoadedExperiment } from './config/load.js';
import { describePlugins } from './config/plugins.js';
import { RunError } from './errors.js';
import { listCheckpoints, readCheckpoint, type Checkpoint } from './output/checkpoint.js';
import { isRunRecord, recordFormat, type RunRecord } from './output/record.js';
import { describeVersions } from './output/surroundings.js';
import { errnoOf } from './output/write-errors.js';
import { packageVersion } from './version.js';

export interface ResumePoint {
  readonly folder: string;
  readonly record: RunRecord;
  /** The newest that is whole; null where there is none: training begins again. */
  readonly checkpoint: Checkpoint | null;
  /** Rows of metrics.csv up to the checkpoint. */
  readonly history: readonly HistoryRow[];
  /** What was found on the way that its user should know. */
  readonly notes: readonly string[];
}

const readText = async (folder: string, name: string): Promise<string> => {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === null) throw error;
    throw new RunError('no-such-run', { folder, reason: `${name} cannot be read (${errno})` }, { cause: error });
  }
};

/** run.json of a run's folder. Throws RunError (`no-such-run`, `run-of-other-version`). */
export const readRecord = async (folder: string): Promise<RunRecord> => {
  const text = await readText(folder, 'run.json');
  let record: unknown = null;
  try {
    record = JSON.parse(text);
  } catch (error) {
    throw new RunError('no-such-run', { folder, reason: 'run.json is no JSON' }, { cause: error });
  }
  if (isMap(record) && typeof record['format'] === 'number' && record['format'] !== recordFormat) {
    const version = ownValue(record['versions'], 'latentlab');
    throw new RunError('run-of-other-version', { folder, format: record['format'], version: typeof version === 'string' ? version : null });
  }
  if (!isRunRecord(record)) throw new RunError('no-such-run', { folder, reason: 'run.json is no record of a run' });
  return record;
};

/** The rows within the first `bytes` of metrics.csv; null where the file is shorter, or ends within a row there. */
const readRows = async (folder: string, bytes: number): Promise<readonly HistoryRow[] | null> => {
  const content = await readFile(join(folder, 'metrics.csv')).catch(() => Buffer.alloc(0));
  const text = content.toString('utf8', 0, bytes);
  if (content.length < bytes || (bytes > 0 && !text.endsWith('\n'))) return null;
  const [columns = [], ...rows]: string[][] = parse(text);
  return rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i] === '' ? null : Number(row[i])])));
};

/**
 * Finds the newest checkpoint that is whole and whose rows are there. Nothing is written.
 * @throws RunError (`no-such-run`, `run-of-other-version`)
 */
export const findResumePoint = async (folder: string): Promise<ResumePoint> => {
  const record = await readRecord(folder);
  const notes: string[] = [];
  const steps = await listCheckpoints(join(folder, 'checkpoints'));
  for (const step of steps.toReversed()) {
    try {
      const checkpoint = await readCheckpoint(join(folder, 'checkpoints'), step);
      const history = await readRows(folder, checkpoint.progress.metricsBytes);
      if (history !== null) return { folder, record, checkpoint, history, notes };
      notes.push(`the checkpoint of step ${String(step)} is left out: metrics.csv is shorter than it was then`);
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      notes.push(`the checkpoint of step ${String(step)} is left out: ${error.message.split('\n')[0] ?? ''}`);
    }
  }
  return { folder, record, checkpoint: null, history: [], notes };
};

/** The folder of the newest run of exactly this experiment below `results`; null if there is none. */
export const findEarlierRun = async (results: string, experiment: LoadedExperiment): Promise<string | null> => {
  const parent = join(results, experiment.experiment.name);
  const names = await readdir(parent).catch(() => []);
  const { experiment: hash } = hashExperiment(experiment);
  // Names begin with the time.
  for (const name of names.toSorted().toReversed()) {
    const folder = join(parent, name);
    const record = await readRecord(folder).catch(() => null);
    if (record?.hashes.experiment === hash) return folder;
  }
  return null;
};

/** Versions that are others than when the run began, and may make its last digits others than those of an undisturbed run. */
export const describeChanges = (record: RunRecord): readonly string[] => {
  const changes = Object.entries(describeVersions(packageVersion)).flatMap(([name, version]) => {
    const then = record.versions[name];
    return then === undefined || then === version ? [] : [`${name} is ${version}, and was ${then}`];
  });
  return changes.length === 0 ? [] : [`${changes.join('; ')}: figures may differ in their last digits from those of an undisturbed run`];
};

/**
 * What is other about the experiment itself than when the run began: its plug-ins, or else resolved.yaml, which `loaded` was read from. A later
 * version may read the same text with other defaults; that is told of as a change of version.
 */
export const describeEdits = (record: RunRecord, loaded: LoadedExperiment): readonly string[] => {
  const what = describePlugins(loaded).flatMap(({ plugin, sha256 }) => {
    const then = record.plugins.find((each) => each.plugin === plugin);
    return then === undefined || then.sha256 === sha256 ? [] : [`the plug-in ${plugin}`];
  });
  const isEdited = createHash('sha256').update(loaded.source).digest('hex') !== record.config.sha256;
  if (what.length === 0 && isEdited && hashExperiment(loaded).experiment !== record.hashes.experiment) what.push('resolved.yaml');
  return what.map((each) => `${each} has changed since the run began: what follows is another run's`);
};

/** Removes what a process was writing when it was killed, and the pictures behind the checkpoint: they are drawn again, some in other files. */
export const sweepRun = async ({ folder, record, checkpoint }: Pick<ResumePoint, 'folder' | 'record' | 'checkpoint'>): Promise<void> => {
  for (const below of ['', 'images', 'plots', 'checkpoints']) {
    const names = await readdir(join(folder, below)).catch(() => []);
    for (const name of names.filter((each) => each.startsWith('.') && each.endsWith('.tmp')))
      await rm(join(folder, below, name), { recursive: true, force: true });
  }
  for (const { file } of record.pictures.slice(checkpoint?.progress.numPictures ?? 0)) {
    // A record may come from elsewhere: nothing is removed but pictures.
    const [, stem] = /^((?:images|plots)\/[^/\\]+)\.png$/u.exec(file) ?? [];
    if (stem !== undefined) for (const extension of ['png', 'svg']) await rm(join(folder, `${stem}.${extension}`), { force: true });
  }
};
