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

/**
 * Batches of the training split, in an order that is drawn anew for each epoch from `data/shuffle`; a step may read several. Examples that
 * do not fill the batches of a step wait for the next epoch, but where one step reads more than there are, it goes on into the next order.
 */
export class TrainingBatches {
  readonly stepsPerEpoch: number;
  /** One for each batch of a step. */
  readonly buffers: readonly BatchBuffers[];
  readonly #perEpoch: number;
  readonly #examples: Examples;
  readonly #random: RandomStreams;
  #order: { readonly epoch: number; readonly indices: Int32Array } | null = null;

  constructor(data: Data, batchSize: number, random: RandomStreams, batchesPerStep = 1) {
    this.#examples = data.splits.train;
    this.#random = random;
    this.#perEpoch = Math.floor(this.#examples.count / batchSize);
    this.stepsPerEpoch = this.#perEpoch === 0 ? 0 : Math.max(1, Math.floor(this.#perEpoch / batchesPerStep));
    this.buffers = Array.from({ length: batchesPerStep }, () => createBatchBuffers(data, batchSize));
  }

  /** Fills the buffers with the batches of a step, counted from the start of training. */
  read(step: number): readonly BatchBuffers[] {
    const { length } = this.buffers;
    this.buffers.forEach((buffers, i) => {
      if (length > this.#perEpoch)
        this.#fill(buffers, Math.floor((step * length + i) / this.#perEpoch), (step * length + i) % this.#perEpoch);
      else this.#fill(buffers, Math.floor(step / this.stepsPerEpoch), (step % this.stepsPerEpoch) * length + i);
    });
    return this.buffers;
  }

  #fill({ indices, x, labels }: BatchBuffers, epoch: number, batch: number): void {
    if (this.#order?.epoch !== epoch)
      this.#order = { epoch, indices: this.#random.draws('data/shuffle', epoch).permutation(this.#examples.count) };
    const start = batch * indices.length;
    indices.set(this.#order.indices.subarray(start, start + indices.length));
    this.#examples.read(indices, epoch, x, labels);
  }
}

/** Fills `buffers` with examples `indices[start...]` without augmentation; the last batch is padded with its first example. Returns how many count. */
export const readForEvaluation = (examples: Examples, chosen: Int32Array, start: number, buffers: BatchBuffers): number => {
  const { indices, x, labels } = buffers;
  const count = Math.min(indices.length, chosen.length - start);
  indices.fill(chosen[start] ?? 0);
  indices.set(chosen.subarray(start, start + count));
  (examples.plain ?? examples).read(indices, 0, x, labels);
  return count;
};
