/** What latents share: draws of one of several, and densities by which a network infers codes. Shapes: N codes, K classes. */
import * as tf from '@tensorflow/tfjs-core';
import type { Latent } from '../../registry/contracts/index.js';

/** One-hot [N, K] of the k for which u in [0, 1), [N, 1], lies between k / K and (k + 1) / K. */
export const pickEvenly = (u: tf.Tensor, count: number): tf.Tensor => {
  const places = tf.reshape(tf.range(0, count, 1, 'float32'), [1, count]);
  // Rounding may bring u K up to K itself.
  const place = tf.minimum(tf.floor(tf.mul(u, count)), count - 1);
  return tf.cast(tf.equal(place, places), 'float32');
};

/**
 * log N(c; mean, e^(2 s)), summed over the code, of parameters [N, 2 size]: means, then the s. Scales stay within e^-3 to e^3, so that a
 * code which can be told exactly does not make the density grow without bound.
 */
export const normalInference = (size: number): Latent['inference'] => ({
  numParameters: 2 * size,
  logProb: (codes, parameters) => {
    const [mean, unbounded] = tf.split(parameters, 2, 1);
    if (mean === undefined || unbounded === undefined) throw new Error('A tensor split in two gave fewer parts.');
    const logScale = tf.mul(tf.tanh(tf.div(unbounded, 3)), 3);
    const standardised = tf.div(tf.sub(codes, mean), tf.exp(logScale));
    const perNumber = tf.add(tf.mul(tf.square(standardised), 0.5), logScale);
    return tf.neg(tf.add(tf.sum(perNumber, 1), 0.5 * size * Math.log(2 * Math.PI)));
  },
});
