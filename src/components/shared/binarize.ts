/**
 * Binary pixels from grey ones, in the four ways that papers call "binary MNIST". Their likelihoods cannot be compared with each
 * other, which is why a data set's description says which one it is. Samples are drawn from the stream `data/binarize`:
 * one tick per example of the whole data set, and for fresh samples as many ticks again for each epoch.
 */
import type { RandomStreams, Support } from '../../registry/contracts/index.js';
import type { Param } from '../../registry/params.js';

const binarizations = ['none', 'threshold', 'static', 'dynamic'] as const;
export type Binarization = (typeof binarizations)[number];

export const binarizationParam = {
  type: 'string',
  enum: binarizations,
  default: 'none',
  description:
    'What becomes of a grey value p from 0 to 1. `none`: it stays. `threshold`: 1 where p > 0.5. `static`: 1 with probability p, drawn once ' +
    'for the seed. `dynamic`: drawn afresh in each epoch of training, while validation and test keep the static sample. ' +
    'Likelihoods under one say nothing about those under another.',
} as const satisfies Param;

const descriptions: Readonly<Record<Binarization, (seed: number) => string>> = {
  none: () => 'grey values from 0 to 1, not binarized',
  threshold: () => 'binarized by a threshold at 0.5',
  static: (seed) => `one static Bernoulli sample of each pixel (seed ${String(seed)})`,
  dynamic: (seed) =>
    `a fresh Bernoulli sample of each pixel in every epoch, one static sample for validation and test (seed ${String(seed)})`,
};
export const describeBinarization = (binarization: Binarization, seed: number): string => descriptions[binarization](seed);

export const supportOf = (binarization: Binarization): Support => (binarization === 'none' ? 'unit-interval' : 'binary');

/** Changes one example's values; `index` is its place in the whole data set. */
export type ChangeExample = (values: Float32Array, index: number) => void;

export const threshold: ChangeExample = (values) => {
  for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) > 0.5 ? 1 : 0;
};

/** Replaces each p by 1 with probability p and by 0 otherwise, from the draws of (seed, index, position). */
export const createSampler = (random: RandomStreams, exampleSize: number): ChangeExample => {
  const noise = new Float32Array(exampleSize);
  return (values, index) => {
    random.draws('data/binarize', index).uniform(noise);
    // Uniform draws lie in [0, 1): p = 0 never gives 1, and p = 1 always does. `Number` needs no branch, which halves the time.
    for (let i = 0; i < values.length; i++) values[i] = Number((noise[i] ?? 0) < (values[i] ?? 0));
  };
};
