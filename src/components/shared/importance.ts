/**
 * Importance-weighted bounds from the model's samples of the posterior. With weights w_l = p(x|z_l) p(z_l) / q(z_l|x),
 *
 *   L_K = log 1/K sum_k w_k <= log p(x)
 *
 * is the ELBO's estimate of one sample at K = 1, and rises with K. Shapes: B batch, L samples in G groups of K.
 * Source: Burda, Grosse & Salakhutdinov 2016, "Importance Weighted Autoencoders", equation 8.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { OfferName, Offers } from '../../registry/contracts/index.js';
import type { Param } from '../../registry/params.js';

export const importanceNeeds: readonly OfferName[] = ['x', 'posterior', 'prior', 'z', 'likelihood'];

/** log w of each sample, [L, B]. */
export const logWeights = ({ x, posterior, prior, z, likelihood }: Offers): tf.Tensor =>
  tf.add(likelihood.logProb(x), tf.sub(prior.logProb(z), posterior.logProb(z)));

export const groupsParam = {
  type: 'integer',
  minimum: 1,
  default: 1,
  examples: [1],
  description: "Groups that the model's `samples` are cut into, M; each has K = samples / M samples and a bound of its own.",
} as const satisfies Param;

/**
 * The bound of each example, averaged over the groups: [B] of log weights [L, B].
 * @throws Error where the samples do not make so many equal groups.
 */
export const importanceBound = (logWeights_LB: tf.Tensor, numGroups = 1): tf.Tensor => {
  const [numSamples = 1, batch = 1] = logWeights_LB.shape;
  if (numSamples % numGroups !== 0)
    throw new Error(
      `${String(numSamples)} samples do not make ${String(numGroups)} equal groups: set the model's \`samples\` to a multiple of \`groups\``,
    );
  const perGroup = numSamples / numGroups;
  const grouped_GKB = tf.reshape(logWeights_LB, [numGroups, perGroup, batch]);
  return tf.mean(tf.sub(tf.logSumExp(grouped_GKB, 1), Math.log(perGroup)), 0);
};
