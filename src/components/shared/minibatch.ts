/**
 * How much the examples of a batch differ, as one more feature: a discriminator that sees it notices when all fakes look alike.
 * Source: Karras et al. 2018, "Progressive growing of GANs", section 3.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Param } from '../../registry/params.js';

export const minibatchDeviationParam = {
  type: 'boolean',
  default: false,
  description:
    "Whether the last layer also reads how much the batch's examples differ, so that fakes that are all alike are noticed (Karras et al. 2018).",
} as const satisfies Param;

/** Appends the standard deviation over the batch, averaged over features: [N, F] to [N, F + 1]. */
export const appendDeviation = (features: tf.Tensor): tf.Tensor => {
  const variance = tf.mean(tf.square(tf.sub(features, tf.mean(features, 0))), 0);
  const deviation = tf.mean(tf.sqrt(tf.add(variance, 1e-8)));
  return tf.concat([features, tf.mul(tf.ones([features.shape[0], 1]), deviation)], 1);
};
