/**
 * batch.json: which runs a batch has, each with its experiment as it was when the batch began: editing a file afterwards changes nothing.
 * How far a run has come is not said here, but in the run's own run.json alone.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap } from '../registry/values.js';
import type { ExperimentHashes } from '../runner/config/hash.js';
import type { Resources } from '../runner/config/resource-params.js';
import type { PluginRecord, RunRecord } from '../runner/output/record.js';
import { makeFolders, writeWholeFile } from '../runner/output/whole-file.js';
import { errnoOf, guardWrite } from '../runner/output/write-errors.js';
import { BatchError } from './errors.js';

/** Raised when a reader of older files would misread newer ones. */
const format = 1;

export interface ManifestRun {
  /** Names its folder inside the batch's. */
  readonly name: string;
  readonly experiment: string;
  readonly seed: number;
  readonly hashes: ExperimentHashes;
  /** Where it stands on the axes of its file's sweep; older lists do not say it. */
  readonly axes?: Readonly<Record<string, string>>;
  /** Higher ones are started first. */
  readonly priority: number;
  /** What it is given, by its file; older lists do not say it. */
  readonly resources?: Resources | null;
  /** The experiment's file; its text is in `sources`. */
  readonly file: string;
  /** The resolved experiment as YAML. */
  readonly resolved: string;
  readonly plugins: readonly PluginRecord[];
}

export interface Manifest extends Pick<RunRecord, 'git' | 'workingFolder'> {
  readonly format: typeof format;
  readonly version: string;
  readonly created: string;
  /** Arguments that the files were found by. */
  readonly inputs: readonly string[];
  /** Arguments that change all of its experiments, `--set model.latent=2`, in the order that they count in; older lists do not say it. */
  readonly changes?: readonly string[];
  /** Texts by file. */
  readonly sources: Readonly<Record<string, string>>;
  readonly runs: readonly ManifestRun[];
}

const manifestFile = (folder: string): string => join(folder, 'batch.json');

const isName = (value: unknown): boolean => typeof value === 'string' && /^[\p{L}\p{N}][^/\\\0]*$/u.test(value);

const isRun = (value: unknown): value is ManifestRun => {
  if (!isMap(value) || !isMap(value['hashes']) || !Array.isArray(value['plugins']) || !isName(value['name'])) return false;
  const { experiment, file, resolved, seed, priority, hashes, resources = null } = value;
  return (
    (resources === null || (isMap(resources) && Array.isArray(resources['sbatch']))) &&
    [experiment, file, resolved, hashes['experiment'], hashes['variant']].every((text) => typeof text === 'string') &&
    [seed, priority].every((number) => typeof number === 'number')
  );
};

const isManifest = (value: unknown): value is Manifest =>
  isMap(value) &&
  value['format'] === format &&
  typeof value['workingFolder'] === 'string' &&
  isMap(value['sources']) &&
  Array.isArray(value['inputs']) &&
  (value['changes'] === undefined || Array.isArray(value['changes'])) &&
  Array.isArray(value['runs']) &&
  value['runs'].every(isRun);

/** Null where the folder holds no batch. Throws BatchError (`bad-manifest`). */
export const readManifest = async (folder: string): Promise<Manifest | null> => {
  const file = manifestFile(folder);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return null;
    if (errno === null) throw error;
    throw new BatchError('bad-manifest', { file, reason: `it cannot be read (${errno})` }, { cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BatchError('bad-manifest', { file, reason: 'it is no JSON' }, { cause: error });
  }
  if (!isManifest(value)) throw new BatchError('bad-manifest', { file, reason: `it is not of format ${String(format)}` });
  return value;
};

/** Throws RunError where it cannot be written; an older one is untouched then. */
export const writeManifest = async (folder: string, manifest: Omit<Manifest, 'format'>): Promise<void> => {
  const file = manifestFile(folder);
  await guardWrite(file, async () => {
    await makeFolders(folder);
    await writeWholeFile(file, `${JSON.stringify({ format, ...manifest })}\n`);
  });
};
