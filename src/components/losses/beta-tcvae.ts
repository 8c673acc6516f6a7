/**
 * The divergence in three parts that can be weighed, with q(z) the posteriors of the batch mixed, q(z) = 1/B sum_j q(z|x_j):
 *
 *   KL = I(z; x) + TC + sum_d KL(q(z_d) || p(z_d))
 *      = E log q(z|x) / q(z) + E log q(z) / prod_d q(z_d) + E log prod_d q(z_d) / p(z)
 *
 * Only the total correlation weighs more in a beta-TCVAE. At the samples the three add up to log q(z|x) - log p(z). The paper's minibatch
 * weights 1 / (N B) differ from 1 / B by constants that no gradient sees, so that the number of examples need not be known.
 * Shapes: L samples, B batch, J the batch again, Z latent.
 * Source: Chen, Li, Grosse & Duvenaud 2018, "Isolating sources of disentanglement in VAEs", equations 2 to 4, appendix C.1.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { logDensities } from '../shared/gaussian.js';

export default defineComponent({
  kind: 'loss',
  name: 'beta-tcvae',
  description:
    'The divergence as mutual information, total correlation and divergence of each latent, each with a factor, in nats (Chen et al. 2018); in ' +
    'place of `kl`, for Gaussian posteriors.',
  params: {
    mutualInformation: { type: 'number', minimum: 0, default: 1, description: 'Factor of what codes say of their examples, alpha.' },
    totalCorrelation: { type: 'number', minimum: 0, default: 6, description: 'Factor of how dependent the latents are, beta.' },
    dimensionWise: { type: 'number', minimum: 0, default: 1, description: 'Factor of how far each latent is from its prior, gamma.' },
  },
  build: ({ mutualInformation, totalCorrelation, dimensionWise }) => ({
    terms: [
      {
        players: ['encoder', 'decoder'],
        needs: ['posterior', 'prior', 'z'],
        compute: ({ posterior, prior, z }) => {
          const logDensity_LBJZ = logDensities(posterior, z);
          const logBatch = Math.log(z.shape[1] ?? 1);
          const joint_LB = tf.sub(tf.logSumExp(tf.sum(logDensity_LBJZ, 3), 2), logBatch);
          const product_LB = tf.sum(tf.sub(tf.logSumExp(logDensity_LBJZ, 2), logBatch), 2);
          const parts = [
            tf.mul(tf.sub(posterior.logProb(z), joint_LB), mutualInformation),
            tf.mul(tf.sub(joint_LB, product_LB), totalCorrelation),
            tf.mul(tf.sub(product_LB, prior.logProb(z)), dimensionWise),
          ];
          return tf.mean(tf.addN(parts));
        },
      },
    ],
  }),
});
