/**
 * What metrics of sample quality have in common: as many samples as there are examples in a split, both as rows of features, and a reducer
 * that gets them side by side.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Checked, Data, Features, Metric, Noise, Offers, Reducer } from '../../registry/contracts/index.js';
import { generatedNeeds } from './generated.js';
import type { Rows } from './matrix-blocks.js';

export const featuresParam = {
  component: 'features',
  default: 'pixels',
  description: 'What samples and examples are compared by: `pixels`, `pca`, or `classifier`.',
} as const;

/** For metrics that keep rows: their time grows with the square of it. */
export const countParam = {
  type: 'integer',
  minimum: 2,
  default: 5000,
  description: 'Examples, and as many samples, at most; figures of different numbers cannot be compared.',
} as const;

export const neighboursParam = { type: 'integer', minimum: 1, description: 'Which nearest neighbour a ball reaches to.' } as const;

/** Takes rows of both kinds as they come, [count, width] each. */
export interface RowSink {
  add(real: Float32Array, fake: Float32Array, count: number, width: number): void;
  result(): readonly number[];
}

/** Members of a metric that compares samples with examples by features. */
export type SampleMembers = Pick<Metric, 'needs' | 'check' | 'measure' | 'provenance' | 'reducer'>;

/** Samples of the model: as many as the batch has examples. */
export const samplesLike = ({ sampleLatent, generate }: Offers, { shape: [count = 0] }: tf.Tensor, noise: Noise): tf.Tensor =>
  generate(sampleLatent(noise, count));

/** How many rows a batch holds: with it, the width of a row is known to the host. */
const rowMarks = (rows: tf.Tensor): tf.Tensor => tf.sum(rows, 1);

const misfitOf =
  (features: Features): NonNullable<Checked['check']> =>
  (facts) => {
    const misfit = features.check?.(facts) ?? null;
    return misfit && { ...misfit, param: 'features' };
  };

/** The first `most` examples of a split are taken; null: all. */
export const compareSamples = (features: Features, most: number | null, createSink: (data: Data) => RowSink): SampleMembers => ({
  needs: [...generatedNeeds, 'x', ...features.needs],
  check: misfitOf(features),
  measure: (offers, noise) => {
    const real = features.extract(offers.x, offers);
    return { real, fake: features.extract(samplesLike(offers, offers.x, noise), offers), marks: rowMarks(real) };
  },
  provenance: (data) => {
    const hash = features.hash(data);
    return hash === null ? {} : { features: hash };
  },
  reducer: (_, data) => createRowReducer(features, data, most, createSink(data)),
});

const createRowReducer = (features: Features, data: Data, most: number | null, sink: RowSink): Reducer => {
  const projection = features.fit?.(data) ?? null;
  let total = 0;
  return {
    add: ({ real = new Float32Array(), fake = new Float32Array(), marks = new Float32Array() }, count) => {
      const taken = Math.min(count, (most ?? Infinity) - total);
      if (taken <= 0) return;
      total += taken;
      const width = real.length / marks.length;
      if (projection === null) sink.add(real, fake, taken, width);
      else sink.add(projection.apply(real, taken), projection.apply(fake, taken), taken, projection.width);
    },
    result: () => sink.result(),
  };
};

/** Keeps all rows, and looks at them at the end. NaN for each column where there are fewer than two examples. */
export const createRowKeeper = (numColumns: number, conclude: (real: Rows, fake: Rows) => readonly number[]): RowSink => {
  const kept: { readonly real: Float32Array; readonly fake: Float32Array }[] = [];
  let [total, rowWidth] = [0, 0];
  const join = (side: 'real' | 'fake'): Rows => {
    const values = new Float32Array(total * rowWidth);
    let at = 0;
    for (const { [side]: part } of kept) {
      values.set(part, at);
      at += part.length;
    }
    return { values, count: total, width: rowWidth };
  };
  return {
    add: (real, fake, count, width) => {
      rowWidth = width;
      total += count;
      kept.push({ real: real.slice(0, count * width), fake: fake.slice(0, count * width) });
    },
    result: () => (total < 2 ? Array.from({ length: numColumns }, () => Number.NaN) : conclude(join('real'), join('fake'))),
  };
};
