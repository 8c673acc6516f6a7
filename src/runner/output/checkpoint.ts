/**
 * checkpoints/<step>/: weights.safetensors, optimizer.safetensors, plots.safetensors, and state.json with everything else that training
 * goes on from. The folder appears by one rename, with all of its files on the disk. state.json knows the hashes of the others, so that
 * what is read is what was written.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap } from '../../registry/values.js';
import { RunError } from '../errors.js';
import { SafetensorsError } from './safetensors-header.js';
import { decodeSafetensors, encodeSafetensors, type SafetensorsContent, type StoredTensor } from './safetensors.js';
import { flushFolder, makeFolders, temporaryName, writeNewFile } from './whole-file.js';
import { errnoOf, guardWrite } from './write-errors.js';

/** Raised when a reader of older checkpoints would misread newer ones. */
const format = 2;
const stateFile = 'state.json';

/** What is kept as tensors, by file. */
const tensorGroups = ['weights', 'optimizer', 'plots'] as const;
type TensorGroup = (typeof tensorGroups)[number];
const fileOf = (group: TensorGroup): string => `${group}.safetensors`;

/** What training remembers beside tensors. */
export interface Progress {
  /** Sums of the figures of the epoch so far, over `numSteps` steps without the `numSkipped` that were left out. */
  readonly sums: Readonly<Record<string, number>>;
  readonly numSteps: number;
  readonly numSkipped: number;
  /** Length of metrics.csv, in bytes. */
  readonly metricsBytes: number;
  /** Pictures that the run had left. */
  readonly numPictures: number;
  /** Seconds of training before, in all sessions. */
  readonly seconds: number;
}

type Tensors = ReadonlyMap<string, StoredTensor>;

export interface Checkpoint extends Readonly<Record<TensorGroup, Tensors>> {
  readonly step: number;
  readonly epoch: number;
  readonly progress: Progress;
}

interface State {
  readonly format: typeof format;
  readonly step: number;
  readonly epoch: number;
  readonly progress: Omit<Progress, 'sums'> & { readonly sums: Readonly<Record<string, string>> };
  readonly files: Readonly<Record<TensorGroup, { readonly bytes: number; readonly sha256: string }>>;
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Writes a checkpoint below `folder`, which is made; one of the same step is replaced. Returns its folder. Throws RunError. */
export const writeCheckpoint = async (folder: string, checkpoint: Checkpoint): Promise<string> => {
  const { step, epoch, progress } = checkpoint;
  const encoded = tensorGroups.map((group) => ({
    group,
    bytes: encodeSafetensors(checkpoint[group], { step: String(step), epoch: String(epoch) }),
  }));
  const files = Object.fromEntries(encoded.map(({ group, bytes }) => [group, { bytes: bytes.length, sha256: hashOf(bytes) }]));
  // As text: JSON has no number for an infinite sum.
  const sums = Object.fromEntries(Object.entries(progress.sums).map(([name, sum]) => [name, String(sum)]));
  const state = { format, step, epoch, progress: { ...progress, sums }, files };
  const target = join(folder, String(step));
  const temporary = temporaryName(target);
  await guardWrite(target, async () => {
    await makeFolders(temporary);
    try {
      for (const { group, bytes } of encoded) await writeNewFile(join(temporary, fileOf(group)), bytes);
      await writeNewFile(join(temporary, stateFile), `${JSON.stringify(state, null, 2)}\n`);
      await flushFolder(temporary);
      await replaceFolder(temporary, target);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      throw error;
    }
    await flushFolder(folder);
  });
  return target;
};

/** Removes the checkpoint of a step, if there is one: first out of sight by one rename. */
export const removeCheckpoint = async (folder: string, step: number): Promise<void> => {
  const temporary = temporaryName(join(folder, String(step)));
  await guardWrite(folder, async () => {
    try {
      await rename(join(folder, String(step)), temporary);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return;
      throw error;
    }
    await rm(temporary, { recursive: true, force: true });
  });
};

/** Removes what writers that were killed have left half done. */
export const sweepCheckpoints = async (folder: string): Promise<void> => {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.startsWith('.') && each.endsWith('.tmp')))
    await guardWrite(folder, () => rm(join(folder, name), { recursive: true, force: true }));
};

/** A folder that has files cannot be renamed onto: an old one is moved away first. */
const replaceFolder = async (from: string, to: string): Promise<void> => {
  try {
    await rename(from, to);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== 'ENOTEMPTY' && errno !== 'EEXIST') throw error;
    const old = temporaryName(to);
    await rename(to, old);
    await rename(from, to);
    await rm(old, { recursive: true, force: true });
  }
};

/** Steps of the checkpoints in `folder`, the last one last; none if there is no such folder. */
export const listCheckpoints = async (folder: string): Promise<readonly number[]> => {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => /^(0|[1-9]\d*)$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
};

/** Throws RunError (`checkpoint-missing`, `checkpoint-corrupt`). */
export const readCheckpoint = async (folder: string, step: number): Promise<Checkpoint> => {
  const available = await listCheckpoints(folder);
  if (!available.includes(step)) throw new RunError('checkpoint-missing', { folder, step, available });
  const path = join(folder, String(step));
  const state = parseState(join(path, stateFile), await readPart(join(path, stateFile)));
  if (state.step !== step)
    throw new RunError('checkpoint-corrupt', { file: join(path, stateFile), reason: `it is the state of step ${String(state.step)}` });
  const tensors = async (group: TensorGroup): Promise<Tensors> => {
    const file = join(path, fileOf(group));
    const bytes = await readPart(file);
    const refuse = (reason: string): RunError => new RunError('checkpoint-corrupt', { file, reason });
    const { bytes: expected, sha256 } = state.files[group];
    if (bytes.length !== expected) throw refuse(`it has ${String(bytes.length)} bytes, expected ${String(expected)}`);
    if (hashOf(bytes) !== sha256) throw refuse('its content has changed (SHA-256)');
    return readTensors(file, bytes).tensors;
  };
  const sums = Object.fromEntries(Object.entries(state.progress.sums).map(([name, sum]) => [name, Number(sum)]));
  return {
    ...{ step, epoch: state.epoch, progress: { ...state.progress, sums } },
    ...{ weights: await tensors('weights'), optimizer: await tensors('optimizer'), plots: await tensors('plots') },
  };
};

/** SHA-256 of a checkpoint's weights, as its state has it. Throws RunError (`checkpoint-corrupt`). */
export const readWeightsHash = async (folder: string, step: number): Promise<string> => {
  const file = join(folder, String(step), stateFile);
  return parseState(file, await readPart(file)).files.weights.sha256;
};

/** The tensors of a file's bytes; `file` is for the message. Throws RunError (`checkpoint-corrupt`). */
const readTensors = (file: string, bytes: Uint8Array): SafetensorsContent => {
  try {
    return decodeSafetensors(bytes);
  } catch (error) {
    if (error instanceof SafetensorsError) throw new RunError('checkpoint-corrupt', { file, reason: error.message }, { cause: error });
    throw error;
  }
};

const readPart = async (file: string): Promise<Uint8Array> => {
  try {
    return await readFile(file);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === null) throw error;
    throw new RunError('checkpoint-corrupt', { file, reason: `it cannot be read (${errno})` }, { cause: error });
  }
};

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

const isState = (value: unknown): value is State => {
  if (!isMap(value) || value['format'] !== format || !isCount(value['step']) || !isCount(value['epoch'])) return false;
  const { progress, files } = value;
  if (!isMap(progress) || !isMap(progress['sums']) || !isMap(files)) return false;
  const { sums, numSteps, numSkipped, metricsBytes, numPictures, seconds } = progress;
  return (
    Object.values(sums).every((sum) => typeof sum === 'string') &&
    [numSteps, numSkipped, metricsBytes, numPictures].every(isCount) &&
    typeof seconds === 'number' &&
    tensorGroups.every((group) => {
      const file = files[group];
      return isMap(file) && isCount(file['bytes']) && typeof file['sha256'] === 'string';
    })
  );
};

const parseState = (file: string, bytes: Uint8Array): State => {
  let state: unknown = null;
  try {
    state = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new RunError('checkpoint-corrupt', { file, reason: error instanceof Error ? error.message : String(error) }, { cause: error });
  }
  if (!isState(state)) throw new RunError('checkpoint-corrupt', { file, reason: `it is no state of format ${String(format)}` });
  return state;
};
