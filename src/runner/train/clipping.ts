/** Gradient clipping. */
import * as tf from '@tensorflow/tfjs-core';

export interface Clipping {
  /** Largest global norm over all of a player's gradients (Pascanu et al. 2013). */
  readonly norm: number | null;
  /** Largest absolute value of each element; applied before the norm. */
  readonly value: number | null;
}

/** The Euclidean norm of all gradients together, a scalar. */
export const globalNorm = (gradients: readonly tf.Tensor[]): tf.Tensor =>
  tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))));

export const clipGradients = (gradients: readonly tf.Tensor[], { norm, value }: Clipping): readonly tf.Tensor[] => {
  const limited = value === null ? gradients : gradients.map((gradient) => tf.clipByValue(gradient, -value, value));
  if (norm === null) return limited;
  // The floor only keeps 0 / 0 out of a zero gradient's factor.
  const factor = tf.minimum(tf.div(norm, tf.maximum(globalNorm(limited), 1e-30)), 1);
  return limited.map((gradient) => tf.mul(gradient, factor));
};
