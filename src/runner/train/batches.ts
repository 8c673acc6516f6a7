/** Which examples make up which batch: the order of training, and the cut of a split into batches for evaluation. */
import type { Data, Examples, RandomStreams } from '../../registry/contracts/index.js';

/** A batch's buffers; they are filled again and again. */
export interface BatchBuffers {
  readonly x: Float32Array;
  readonly labels: Int32Array;
  readonly indices: Int32Array;
}

export const createBatchBuffers = (data: Data, batchSize: number): BatchBuffers => ({
  x: new Float32Array(data.shape.reduce((size, dim) => size * dim, batchSize)),
  labels: new Int32Array(batchSize),
  indices: new Int32Array(batchSize),
});

/** Batches of the training split, in an order that is drawn anew for each epoch from `data/shuffle`. Examples that do not fill a batch wait for the next epoch. */
export class TrainingBatches {
  readonly stepsPerEpoch: number;
  readonly buffers: BatchBuffers;
  readonly #examples: Examples;
  readonly #random: RandomStreams;
  #order: { readonly epoch: number; readonly indices: Int32Array } | null = null;

  constructor(data: Data, batchSize: number, random: RandomStreams) {
    this.#examples = data.splits.train;
    this.#random = random;
    this.stepsPerEpoch = Math.floor(this.#examples.count / batchSize);
    this.buffers = createBatchBuffers(data, batchSize);
  }

  /** Fills the buffers with the batch of a step, counted from the start of training. */
  read(step: number): BatchBuffers {
    const epoch = Math.floor(step / this.stepsPerEpoch);
    if (this.#order?.epoch !== epoch)
      this.#order = { epoch, indices: this.#random.draws('data/shuffle', epoch).permutation(this.#examples.count) };
    const { indices, x, labels } = this.buffers;
    const start = (step % this.stepsPerEpoch) * indices.length;
    indices.set(this.#order.indices.subarray(start, start + indices.length));
    this.#examples.read(indices, epoch, x, labels);
    return this.buffers;
  }
}

/** Fills `buffers` with examples `indices[start...]`; the last batch is padded with its first example. Returns how many count. */
export const readForEvaluation = (examples: Examples, chosen: Int32Array, start: number, buffers: BatchBuffers): number => {
  const { indices, x, labels } = buffers;
  const count = Math.min(indices.length, chosen.length - start);
  indices.fill(chosen[start] ?? 0);
  indices.set(chosen.subarray(start, start + count));
  examples.read(indices, 0, x, labels);
  return count;
};
