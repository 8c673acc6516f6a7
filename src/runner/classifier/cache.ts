/**
 * Classifiers that were trained: run folders below the cache folder, each under the hash of all that its training hangs on. The run in it
 * is like any other, with its experiment, its figures and its weights.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isMap } from '../../registry/values.js';
import { RunError } from '../errors.js';
import { readCheckpoint } from '../output/checkpoint.js';
import type { StoredTensor } from '../output/safetensors.js';
import { errnoOf } from '../output/write-errors.js';

/** Raised when equal experiments would train other classifiers than before. */
const format = 1;

/** What a classifier in the cache is known by. `experiment` is resolved, `hashes` are those of its data. */
export const keyOf = (experiment: unknown, hashes: Readonly<Record<string, string>>): string =>
  createHash('sha256')
    .update(JSON.stringify([format, experiment, Object.entries(hashes).toSorted(([a], [b]) => (a < b ? -1 : 1))]))
    .digest('hex')
    .slice(0, 16);

export interface StoredClassifier {
  readonly folder: string;
  /** Share of right classes on `split`, the best unseen examples that there were. */
  readonly accuracy: number;
  readonly split: string;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Of its weights: tells which classifier it was, whoever trained it. */
  readonly sha256: string;
}

const accuracyIn = (metrics: unknown): { readonly accuracy: number; readonly split: string } | null => {
  if (!isMap(metrics)) return null;
  for (const split of ['test', 'validation', 'train']) {
    const accuracy = metrics[`${split}.accuracy`];
    if (typeof accuracy === 'number') return { accuracy, split };
  }
  return null;
};

const readRecord = async (folder: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(join(folder, 'run.json'), 'utf8'));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
};

const hashOf = (tensors: ReadonlyMap<string, StoredTensor>): string => {
  const hash = createHash('sha256');
  for (const [path, { shape, values }] of [...tensors].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(JSON.stringify([path, shape])).update(values);
  return hash.digest('hex');
};

/** What is kept in `folder`; null where there is nothing, or nothing whole. */
export const readClassifier = async (folder: string): Promise<StoredClassifier | null> => {
  const record = await readRecord(folder);
  if (!isMap(record) || record['status'] !== 'done' || typeof record['step'] !== 'number') return null;
  const figures = accuracyIn(record['metrics']);
  if (figures === null) return null;
  try {
    const { weights: tensors } = await readCheckpoint(join(folder, 'checkpoints'), record['step']);
    return { folder, ...figures, tensors, sha256: hashOf(tensors) };
  } catch (error) {
    if (error instanceof RunError) return null;
    throw error;
  }
};

/** Puts a finished run's folder in its place, unless another process was faster: then `run` is dropped, and the other's stays. */
export const keepClassifier = async (run: string, folder: string): Promise<void> => {
  await mkdir(dirname(folder), { recursive: true });
  try {
    await rename(run, folder);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== 'ENOTEMPTY' && errno !== 'EEXIST') throw error;
    if ((await readClassifier(folder)) !== null) return;
    await rm(folder, { recursive: true, force: true });
    await rename(run, folder);
  }
};
