/**
 * DIP-VAE: the covariance C of the codes over the batch is to be the identity,
 *
 *   offDiagonal sum_{i != j} C_ij^2 + diagonal sum_i (C_ii - 1)^2
 *
 * where C is that of the posterior's means (DIP-VAE-I), or of its samples, Cov(mean) + E diag(scale^2) (DIP-VAE-II).
 * Source: Kumar, Sattigeri & Balakrishnan 2018, "Variational inference of disentangled latent concepts from unlabeled observations",
 * equations 5 to 7. Shapes: B batch, Z latent.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';

/** [Z, Z] of rows [B, Z]. */
const covariance = (rows_BZ: tf.Tensor): tf.Tensor => {
  const centred_BZ = tf.sub(rows_BZ, tf.mean(rows_BZ, 0));
  return tf.div(tf.matMul(centred_BZ, centred_BZ, true, false), rows_BZ.shape[0]);
};

export default defineComponent({
  kind: 'loss',
  name: 'dip',
  description:
    'How far the covariance of the codes in a batch is from the identity (DIP-VAE, Kumar et al. 2018); beside `reconstruction` and `kl`.',
  params: {
    covarianceOf: {
      type: 'string',
      enum: ['means', 'samples'],
      default: 'means',
      description: "Of the posterior's `means` (DIP-VAE-I), or of its `samples`, whose variance belongs to it (DIP-VAE-II).",
    },
    offDiagonal: { type: 'number', minimum: 0, default: 10, description: 'Factor of the squared covariances of different latents.' },
    diagonal: {
      type: 'number',
      minimum: 0,
      default: 100,
      description:
        'Factor of the squared distances of variances from 1; the paper takes ten times `offDiagonal` for means, and the same for samples.',
    },
  },
  build: ({ covarianceOf, offDiagonal, diagonal }) => ({
    terms: [
      {
        players: ['encoder', 'decoder'],
        needs: ['posterior'],
        sign: 'non-negative',
        compute: ({ posterior: { mean, scale } }) => {
          const size = mean.shape[1] ?? 1;
          const identity = tf.eye(size);
          const ofMeans = covariance(mean);
          const c = covarianceOf === 'means' ? ofMeans : tf.add(ofMeans, tf.mul(identity, tf.mean(tf.square(scale), 0)));
          // Off the diagonal the identity has nothing, so that one square serves both.
          const weights = tf.add(tf.mul(identity, diagonal - offDiagonal), offDiagonal);
          return tf.sum(tf.mul(tf.square(tf.sub(c, identity)), weights));
        },
      },
    ],
  }),
});
