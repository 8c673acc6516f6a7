/** Weights of a run, saved as checkpoints. */
import { basename } from 'node:path';
import { writeCheckpoint } from './checkpoint.js';
import type { RunDirectory } from './run-directory.js';
import type { StoredTensor } from './safetensors.js';

export interface WeightSink {
  /** Returns the file's name inside the run's folder. Throws RunError. */
  save(step: number, epoch: number, tensors: ReadonlyMap<string, StoredTensor>): Promise<string>;
}

export const createWeightFolder = (directory: RunDirectory): WeightSink => ({
  save: async (step, epoch, tensors) => {
    const folder = await writeCheckpoint(directory.file('checkpoints'), { step, epoch, tensors });
    return `checkpoints/${basename(folder)}/weights.safetensors`;
  },
});
