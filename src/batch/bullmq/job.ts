/** What a job of the queue says. Nothing in it is trusted: it is checked as an experiment's file is, and where it leads is looked at. */
import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { Params, ValuesOf } from '../../registry/params.js';
import { write } from '../../registry/fault-texts.js';
import { fillAndValidate } from '../../registry/schema.js';
import { isMap } from '../../registry/values.js';
import { findViolations } from '../../registry/violations.js';
import { readRecord } from '../../runner/resume.js';
import { diskFull } from '../launcher.js';

const params = {
  batch: { type: 'string', pattern: '^/', description: 'Folder of the batch; the same on all machines.' },
  run: {
    type: 'string',
    pattern: '^[\\p{L}\\p{N}][^/\\\\\\0\\n]*$',
    description: 'Name of the run, which is that of its folder in there.',
  },
  hash: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'Of the resolved experiment.' },
  memoryMiB: { type: 'number', exclusiveMinimum: 0, nullable: true, description: 'What the run may take; null: its share of the machine.' },
  minutes: {
    type: 'number',
    exclusiveMinimum: 0,
    nullable: true,
    description: 'How long a worker may spend on it, all attempts together.',
  },
  silentMinutes: { type: 'number', exclusiveMinimum: 0, description: 'How long it may give no sign of life.' },
  retries: { type: 'integer', minimum: 0, maximum: 1000, description: 'How often it is tried again when it crashes.' },
  backoffSeconds: { type: 'number', exclusiveMinimum: 0, description: 'Time before that.' },
} as const satisfies Params;

export type JobData = ValuesOf<typeof params>;

/** The content: the same run is not queued twice, whoever does it. */
export const jobId = ({ batch, run, hash }: JobData): string =>
  createHash('sha256')
    .update(JSON.stringify([batch, run, hash]))
    .digest('hex');

const isJobData = (value: unknown): value is JobData => isMap(value) && fillAndValidate(params, value).length === 0;

const isWithin = (parent: string, child: string): boolean => {
  const way = relative(parent, child);
  return way !== '' && way !== '..' && !way.startsWith('../') && !isAbsolute(way);
};

/** Why a job has failed, as the queue keeps it: a full disk may keep run.json from saying so. */
export const failedReason = (code: string, message: string): string => (code === diskFull ? `${diskFull}: ${message}` : message);

/** The reverse; what is no full disk, and not in run.json, is a refusal. */
export const readReason = (reason: string): { readonly code: string; readonly message: string } =>
  reason.startsWith(`${diskFull}: `)
    ? { code: diskFull, message: reason.slice(diskFull.length + 2) }
    : { code: 'refused', message: reason };

/** A job that is not done, and why. */
class JobRefused extends Error {
  override readonly name = 'JobRefused';
}

export interface CheckedJob {
  readonly data: JobData;
  readonly folder: string;
}

/** The job's word, if it is one. Throws JobRefused. */
const parseJob = (given: unknown, id: string | undefined): JobData => {
  const data: unknown = structuredClone(given);
  if (!isJobData(data)) {
    const [fault] = isMap(data) ? findViolations(params, data, { component: null, inside: 'job' }) : [];
    throw new JobRefused(`its data is not that of a run: ${fault === undefined ? 'it is no map' : write(fault).what}`);
  }
  if (jobId(data) !== id) throw new JobRefused('its id is not that of its content');
  return data;
};

const realFolder = async (path: string): Promise<string> => {
  try {
    return await realpath(path);
  } catch {
    throw new JobRefused(`there is no folder ${path} on this machine: the folder of a batch has to be shared, under one name`);
  }
};

/** The folder of the job's batch, which lies within `root`; links, followed in `real`, do not lead out of it. Throws JobRefused. */
export const checkBatch = async (
  given: unknown,
  id: string | undefined,
  root: string,
): Promise<{ readonly batch: string; readonly real: string }> => {
  const { batch } = parseJob(given, id);
  const real = await realFolder(resolve(batch));
  if (!isWithin(await realFolder(root), real)) throw new JobRefused(`${batch} is not within ${root}, which --root says`);
  return { batch, real };
};

/**
 * `root`: the folder that all batches lie in; links do not lead out of it, nor out of a batch.
 * @throws JobRefused
 */
export const checkJob = async (given: unknown, id: string | undefined, root: string): Promise<CheckedJob> => {
  const data = parseJob(given, id);
  const { batch, run, hash } = data;
  const { real } = await checkBatch(given, id, root);
  const folder = join(batch, run);
  if (!isWithin(real, await realFolder(folder))) throw new JobRefused(`${folder} is not within its batch`);
  const record = await readRecord(folder);
  if (record.hashes.experiment !== hash) throw new JobRefused(`${folder} holds another experiment than the job says`);
  return { data, folder };
};
