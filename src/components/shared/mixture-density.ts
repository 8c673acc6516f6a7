/** Mixtures of diagonal Gaussians: density, and draws of one of them. Shapes: K components, Z latent. */
import * as tf from '@tensorflow/tfjs-core';
import type { Noise, Posterior } from '../../registry/contracts/index.js';

/** Means, scales and their logarithms, [K, Z] each. */
export type Components = Pick<Posterior, 'mean' | 'scale' | 'logScale'>;

/** log sum_k e^(logWeight_k) N(z; mean_k, scale_k^2): [...] for z [..., Z], and logarithms of weights [K]. */
export const mixtureLogProb = (z: tf.Tensor, { mean, scale, logScale }: Components, logWeights: tf.Tensor): tf.Tensor => {
  const standardised = tf.div(tf.sub(tf.expandDims(z, -2), mean), scale);
  const perLatent = tf.add(tf.add(tf.mul(tf.square(standardised), 0.5), logScale), 0.5 * Math.log(2 * Math.PI));
  return tf.logSumExp(tf.sub(logWeights, tf.sum(perLatent, -1)), -1);
};

/** [count, Z]; the component is chosen by the Gumbel trick. */
export const sampleMixture = (noise: Noise, count: number, { mean, scale }: Components, logWeights: tf.Tensor): tf.Tensor => {
  const [numComponents, latent = 1] = mean.shape;
  const u = tf.maximum(noise.uniform('prior-component', [count, numComponents]), 1e-7);
  const chosen = tf.oneHot(tf.argMax(tf.sub(logWeights, tf.log(tf.neg(tf.log(u)))), -1), numComponents, 1, 0, 'float32');
  return tf.add(tf.matMul(chosen, mean), tf.mul(tf.matMul(chosen, scale), noise.normal('prior', [count, latent])));
};
