/** Weights of a run, saved as checkpoints, and what they must be to be used again. */
import { basename, dirname } from 'node:path';
import { RunError } from '../errors.js';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from './checkpoint.js';
import type { RunDirectory } from './run-directory.js';
import type { StoredTensor } from './safetensors.js';

export interface WeightSink {
  /** Returns the file's name inside the run's folder. Throws RunError. */
  save(step: number, epoch: number, tensors: ReadonlyMap<string, StoredTensor>): Promise<string>;
  /** The checkpoint that `save` has named so. Throws RunError (`checkpoint-missing`, `checkpoint-corrupt`); Error for another name. */
  load(file: string): Promise<Checkpoint>;
}

const nameOf = (step: string): string => `checkpoints/${step}/weights.safetensors`;

export const createWeightFolder = (directory: RunDirectory): WeightSink => ({
  save: async (step, epoch, tensors) => nameOf(basename(await writeCheckpoint(directory.file('checkpoints'), { step, epoch, tensors }))),
  load: (file) => {
    const step = basename(dirname(file));
    if (file !== nameOf(step) || !/^\d+$/.test(step)) return Promise.reject(new Error(`"${file}" names no weights of a run`));
    return readCheckpoint(directory.file('checkpoints'), Number(step));
  },
});

/** The variables that weights are for: their shapes by path. */
export type WeightShapes = ReadonlyMap<string, readonly number[]>;

const showShape = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

/** Throws RunError (`weights-do-not-fit`) unless each variable has its values and nothing is left over; `file` is for the message. */
export const checkWeights = (file: string, tensors: ReadonlyMap<string, StoredTensor>, shapes: WeightShapes): void => {
  const faults: string[] = [];
  for (const [path, shape] of shapes) {
    const tensor = tensors.get(path);
    if (tensor === undefined) faults.push(`${path} is not in the file`);
    else if (!(tensor.values instanceof Float32Array)) faults.push(`${path} is not of type float32`);
    else if (showShape(tensor.shape) !== showShape(shape))
      faults.push(`${path} has the shape ${showShape(tensor.shape)}, expected ${showShape(shape)}`);
  }
  for (const path of tensors.keys()) if (!shapes.has(path)) faults.push(`${path} is no variable of the experiment`);
  if (faults.length > 0) throw new RunError('weights-do-not-fit', { file, reason: faults.join('; ') });
};
