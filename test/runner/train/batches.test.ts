import { describe, expect, it } from 'vitest';
import type { Data, Examples } from '../../../src/registry/contracts/index.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { createBatchBuffers, readForEvaluation, TrainingBatches } from '../../../src/runner/train/batches.js';

/** Example i is [i, epoch] with label i. */
const numbered = (count: number): Examples => ({
  count,
  read: (indices, epoch, x, labels) => {
    indices.forEach((index, row) => {
      x.set([index, epoch], row * 2);
      if (labels) labels[row] = index;
    });
  },
});
const data: Data = {
  shape: [2],
  numClasses: null,
  support: 'real',
  description: 'numbers',
  hashes: {},
  splits: { train: numbered(11), validation: numbered(5), test: numbered(0) },
};

describe('TrainingBatches', () => {
  it('shows each example at most once in an epoch, in another order in the next', () => {
    const batches = new TrainingBatches(data, 4, createRandomStreams(3));
    expect(batches.stepsPerEpoch).toBe(2);
    const epochs = [0, 1].map((epoch) => [0, 1].flatMap((batch) => batches.read(epoch * 2 + batch).flatMap(({ indices }) => [...indices])));
    for (const order of epochs) expect(new Set(order).size).toBe(8);
    expect(epochs[0]).not.toEqual(epochs[1]);
  });

  it('gives the same batch for the same step, whatever was read before', () => {
    const walked = new TrainingBatches(data, 4, createRandomStreams(3));
    for (let step = 0; step < 7; step++) walked.read(step);
    const jumped = new TrainingBatches(data, 4, createRandomStreams(3));
    const values = (batches: TrainingBatches, step: number): readonly number[] => batches.read(step).flatMap(({ x }) => [...x]);
    expect(values(jumped, 5)).toEqual(values(walked, 5));
    expect(jumped.buffers[0]?.x[1]).toBe(2);
  });

  it('gives a step several batches of one epoch, and leaves what does not fill them', () => {
    const batches = new TrainingBatches(data, 2, createRandomStreams(3), 2);
    expect(batches.stepsPerEpoch).toBe(2);
    const single = new TrainingBatches(data, 2, createRandomStreams(3));
    const indices = (from: TrainingBatches, step: number): readonly number[] => from.read(step).flatMap((batch) => [...batch.indices]);
    expect(indices(batches, 1)).toEqual([...indices(single, 2), ...indices(single, 3)]);
    expect(indices(batches, 2)).toEqual([...indices(single, 5), ...indices(single, 6)]);
  });

  it('goes on into the next order where a step reads more than an epoch has', () => {
    const batches = new TrainingBatches(data, 4, createRandomStreams(3), 3);
    expect(batches.stepsPerEpoch).toBe(1);
    const single = new TrainingBatches(data, 4, createRandomStreams(3));
    const indices = (from: TrainingBatches, step: number): readonly number[] => from.read(step).flatMap((batch) => [...batch.indices]);
    expect(indices(batches, 1)).toEqual([3, 4, 5].flatMap((step) => indices(single, step)));
  });
});

describe('readForEvaluation', () => {
  it('pads the last batch and says how many examples count', () => {
    const buffers = createBatchBuffers(data, 3);
    const chosen = Int32Array.from([0, 1, 2, 3, 4]);
    expect(readForEvaluation(data.splits.validation, chosen, 0, buffers)).toBe(3);
    expect(readForEvaluation(data.splits.validation, chosen, 3, buffers)).toBe(2);
    expect([...buffers.labels]).toEqual([3, 4, 3]);
  });
});
