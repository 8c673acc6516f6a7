/** A tensor's value without its gradient: what a loss is not to be minimised by. */
import * as tf from '@tensorflow/tfjs-core';

const stop = tf.customGrad((x) => {
  if (!(x instanceof tf.Tensor)) throw new Error('a gradient can be stopped at a tensor alone');
  // Of the tensor itself nothing is left when gradients are asked for.
  const { shape } = x;
  return { value: tf.clone(x), gradFunc: () => tf.zeros(shape) };
});

/** The same values [...], of which no gradient leads back. */
export const stopGradient = (x: tf.Tensor): tf.Tensor => stop(x);
