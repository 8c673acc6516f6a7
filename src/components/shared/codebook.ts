/**
 * A codebook: vectors that codes are rounded to. It learns by the gradient of a loss, or follows the moving averages of the codes that are
 * rounded to each vector, which are states and no optimizer's business.
 * Source: van den Oord, Vinyals & Kavukcuoglu 2017, "Neural discrete representation learning", section 3.1 and appendix A.1.
 * Shapes: N codes, D numbers each, K vectors.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Initializer, Pass, Scope } from '../../registry/contracts/index.js';
import { filledWith } from './initializers.js';
import { stopGradient } from './stop-gradient.js';

export interface Codebook {
  /** [K, D], as the pass finds them. */
  readonly vectors: () => tf.Tensor;
  /** [N, D] to the nearest vectors; in training, moving averages are carried on. */
  readonly quantize: (codes_ND: tf.Tensor, pass: Pass) => tf.Tensor;
}

export interface CodebookOptions {
  readonly numVectors: number;
  readonly dimension: number;
  /** What moving averages keep in each step; null: the vectors are a variable, for the gradient. */
  readonly decay: number | null;
}

/** Keeps vectors that no code is rounded to from a division by nothing. */
const smoothing = 1e-5;

const nearest = (codes_ND: tf.Tensor, vectors_KD: tf.Tensor): tf.Tensor => {
  // The length of the code is the same for all vectors.
  const distances_NK = tf.sub(tf.sum(tf.square(vectors_KD), 1), tf.mul(tf.matMul(codes_ND, vectors_KD, false, true), 2));
  return tf.oneHot(tf.argMin(distances_NK, 1), vectors_KD.shape[0], 1, 0, 'float32');
};

export const createCodebook = (scope: Scope, { numVectors, dimension, decay }: CodebookOptions): Codebook => {
  const initial: Initializer = (out, _, draws) => {
    draws.normal(out);
  };
  if (decay === null) {
    const variable = scope.variable('codebook', [numVectors, dimension], initial);
    return { vectors: () => variable, quantize: (codes) => tf.matMul(nearest(stopGradient(codes), variable), variable) };
  }
  const counts = scope.state('counts', [numVectors, 1], filledWith(1));
  const sums = scope.state('sums', [numVectors, dimension], initial);
  const vectors = (): tf.Tensor => {
    const total = tf.sum(counts);
    const smoothed = tf.mul(tf.div(tf.add(counts, smoothing), tf.add(total, numVectors * smoothing)), total);
    return tf.div(sums, smoothed);
  };
  return {
    vectors,
    quantize: (given, pass) => {
      const codes = stopGradient(given);
      const book = vectors();
      const chosen_NK = nearest(codes, book);
      const follow =
        (value: tf.Tensor) =>
        (current: tf.Tensor): tf.Tensor =>
          tf.add(tf.mul(current, decay), tf.mul(value, 1 - decay));
      pass.remember(counts, follow(tf.reshape(tf.sum(chosen_NK, 0), [numVectors, 1])));
      pass.remember(sums, follow(tf.matMul(chosen_NK, codes, true, false)));
      return tf.matMul(chosen_NK, book);
    },
  };
};
