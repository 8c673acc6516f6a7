/** Checkpoints of a run, and what their weights must be to be used again. */
import { basename } from 'node:path';
import { RunError } from '../errors.js';
import { listCheckpoints, removeCheckpoint, sweepCheckpoints, writeCheckpoint, type Checkpoint } from './checkpoint.js';
import type { RunDirectory } from './run-directory.js';
import type { StoredTensor } from './safetensors.js';

export interface CheckpointSink {
  /** Returns the name of the weights' file inside the run's folder. Throws RunError. */
  save(checkpoint: Checkpoint): Promise<string>;
  /** Steps of those that there are. */
  list(): Promise<readonly number[]>;
  remove(steps: readonly number[]): Promise<void>;
}

export const createCheckpointFolder = (directory: RunDirectory): CheckpointSink => {
  const folder = directory.file('checkpoints');
  return {
    save: async (checkpoint) => {
      await sweepCheckpoints(folder);
      return `checkpoints/${basename(await writeCheckpoint(folder, checkpoint))}/weights.safetensors`;
    },
    list: () => listCheckpoints(folder),
    remove: async (steps) => {
      for (const step of steps) await removeCheckpoint(folder, step);
    },
  };
};

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
