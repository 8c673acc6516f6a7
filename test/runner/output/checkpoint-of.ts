/** Checkpoints for tests: weights, and nothing else to speak of. */
import type { Checkpoint } from '../../../src/runner/output/checkpoint.js';
import type { StoredTensor } from '../../../src/runner/output/safetensors.js';

export const checkpointOf = (step: number, weights: ReadonlyMap<string, StoredTensor>, changes: Partial<Checkpoint> = {}): Checkpoint => ({
  step,
  epoch: step / 10,
  weights,
  optimizer: new Map(),
  plots: new Map(),
  progress: { sums: {}, numSteps: 0, numSkipped: 0, metricsBytes: 0, numPictures: 0, seconds: 0 },
  ...changes,
});
