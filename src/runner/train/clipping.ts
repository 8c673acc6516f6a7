/** Gradient clipping. */
import * as tf from '@tensorflow/tfjs-core';

export interface Clipping {
  /** Largest global norm over all of a player's gradients (Pascanu et al. 2013). */
  readonly norm: number | null;
  /** Largest absolute value of each element; applied before the norm. */
  readonly value: number | null;
}

export const clipGradients = (gradients: readonly tf.Tensor[], { norm, value }: Clipping): readonly tf.Tensor[] => {
  const limited = value === null ? gradients : gradients.map((gradient) => tf.clipByValue(gradient, -value, value));
  if (norm === null) return limited;
  const squares = limited.map((gradient) => tf.sum(tf.square(gradient)));
  // The floor only keeps 0 / 0 out of a zero gradient's factor.
  const globalNorm = tf.maximum(tf.sqrt(tf.addN(squares)), 1e-30);
  const factor = tf.minimum(tf.div(norm, globalNorm), 1);
  return limited.map((gradient) => tf.mul(gradient, factor));
};
