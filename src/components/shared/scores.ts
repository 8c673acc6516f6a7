/** What a discriminator says of the first examples of a split, and of as many fakes. */
import type { SplitName, Studio } from '../../registry/contracts/index.js';
import { readExamples } from './example-codes.js';
import { numValues } from './shapes.js';

/** Examples for one run of the compiled discriminator; a batch size is compiled in. */
const maxBatch = 250;

export interface Scores {
  /** Logits, [count] each. */
  readonly real: Float32Array;
  readonly fake: Float32Array;
}

/**
 * Compiles the discriminator on `count` examples, with their labels where there are any, and on a fake for each (no more than the split
 * has). What it returns computes them with the weights of that moment, for the same examples and draws.
 */
export const prepareScores = async (studio: Studio, split: SplitName, count: number): Promise<() => Promise<Scores>> => {
  const { data } = studio;
  const batch = Math.min(count, maxBatch);
  const hasLabels = data.numClasses !== null;
  const x = { shape: [batch, ...data.shape], dtype: 'float32' } as const;
  const labels = { shape: [batch], dtype: 'int32' } as const;
  const judge = await studio.compile('scores', { x, labels }, (inputs, forward) => {
    const offers = forward(hasLabels ? { x: inputs.x, labels: inputs.labels } : { x: inputs.x });
    return { real: offers['discriminator.real'].logits, fake: offers['discriminator.fake'].logits };
  });
  return async () => {
    const scores = { real: new Float32Array(count), fake: new Float32Array(count) };
    for (let from = 0; from < count; from += batch) {
      const size = Math.min(batch, count - from);
      const feeds = { x: new Float32Array(batch * numValues(data.shape)), labels: new Int32Array(batch) };
      const read = readExamples(data, split, from, size);
      feeds.x.set(read.x);
      feeds.labels.set(read.labels ?? []);
      const result = await judge(feeds, from / batch);
      for (const name of ['real', 'fake'] as const) scores[name].set((result[name] ?? []).slice(0, size), from);
    }
    return scores;
  };
};
