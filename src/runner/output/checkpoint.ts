/**
 * checkpoints/<step>/: weights.safetensors, and state.json with everything else. The folder appears by one rename, with both files on the
 * disk. state.json knows the hash of the weights, so that what is read is what was written.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RunError } from '../errors.js';
import { SafetensorsError } from './safetensors-header.js';
import { decodeSafetensors, encodeSafetensors, type SafetensorsContent, type StoredTensor } from './safetensors.js';
import { flushFolder, makeFolders, temporaryName, writeNewFile } from './whole-file.js';
import { errnoOf, guardWrite } from './write-errors.js';

/** Raised when a reader of older checkpoints would misread newer ones. */
const format = 1;
const weightsFile = 'weights.safetensors';
const stateFile = 'state.json';

export interface Checkpoint {
  readonly step: number;
  readonly epoch: number;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

interface State {
  readonly format: typeof format;
  readonly step: number;
  readonly epoch: number;
  readonly weights: { readonly bytes: number; readonly sha256: string };
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Writes a checkpoint below `folder`, which is made; one of the same step is replaced. Returns its folder. Throws RunError. */
export const writeCheckpoint = async (folder: string, { step, epoch, tensors }: Checkpoint): Promise<string> => {
  const weights = encodeSafetensors(tensors, { step: String(step), epoch: String(epoch) });
  const state: State = { format, step, epoch, weights: { bytes: weights.length, sha256: hashOf(weights) } };
  const target = join(folder, String(step));
  const temporary = temporaryName(target);
  await guardWrite(target, async () => {
    await makeFolders(temporary);
    try {
      await writeNewFile(join(temporary, weightsFile), weights);
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
  const file = join(path, weightsFile);
  const bytes = await readPart(file);
  const refuse = (reason: string): RunError => new RunError('checkpoint-corrupt', { file, reason });
  if (bytes.length !== state.weights.bytes) throw refuse(`it has ${String(bytes.length)} bytes, expected ${String(state.weights.bytes)}`);
  if (hashOf(bytes) !== state.weights.sha256) throw refuse('its content has changed (SHA-256)');
  return { step: state.step, epoch: state.epoch, tensors: readWeights(file, bytes).tensors };
};

/** The tensors of a file's bytes; `file` is for the message. Throws RunError (`checkpoint-corrupt`). */
const readWeights = (file: string, bytes: Uint8Array): SafetensorsContent => {
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

const isState = (value: unknown): value is State => {
  if (typeof value !== 'object' || value === null || !('weights' in value && 'step' in value && 'epoch' in value && 'format' in value))
    return false;
  const { weights, step, epoch } = value;
  if (typeof weights !== 'object' || weights === null || !('bytes' in weights && 'sha256' in weights)) return false;
  return (
    value.format === format &&
    Number.isSafeInteger(step) &&
    Number.isSafeInteger(epoch) &&
    typeof weights.sha256 === 'string' &&
    typeof weights.bytes === 'number'
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
