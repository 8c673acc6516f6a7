/** Weights of a run: checkpoints/<step>/weights.safetensors with state.json beside it. */
import type { StoredTensor } from './safetensors.js';
import { encodeSafetensors } from './safetensors.js';
import type { RunDirectory } from './run-directory.js';

export interface WeightSink {
  /** Returns the file's name inside the run's folder. */
  save(step: number, epoch: number, tensors: ReadonlyMap<string, StoredTensor>): Promise<string>;
}

export const createWeightFolder = (directory: RunDirectory): WeightSink => ({
  save: async (step, epoch, tensors) => {
    const folder = `checkpoints/${String(step)}`;
    await directory.write(`${folder}/weights.safetensors`, encodeSafetensors(tensors, { step: String(step), epoch: String(epoch) }));
    await directory.write(`${folder}/state.json`, `${JSON.stringify({ format: 1, step, epoch, tensors: tensors.size }, null, 2)}\n`);
    return `${folder}/weights.safetensors`;
  },
});
