/**
 * How steep the decoder is at the codes of the batch: the squared Frobenius norm of its Jacobian, mean_b |d mean(z_b) / d z|^2.
 *
 * The Jacobian itself would cost a pass for each value; |J' v|^2 for a standard normal v has the norm as its expectation, and costs one.
 * Source: Ghosh et al. 2020, "From variational to deterministic autoencoders", equation 12 (RAE-GP); the estimator, Hutchinson 1990.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';

export default defineComponent({
  kind: 'loss',
  name: 'decoder-slope',
  description:
    "The squared slope of the decoder's means by the codes, estimated with one random direction (Ghosh et al. 2020): near codes are to give " +
    'near examples. A weight around 1e-6 of `reconstruction` is usual.',
  params: {},
  build: () => ({
    terms: [
      {
        players: ['encoder', 'decoder'],
        needs: ['z', 'decode'],
        sign: 'non-negative',
        compute: ({ z, decode }, noise) => {
          const [, batch = 1, size = 1] = z.shape;
          const codes = tf.reshape(tf.slice(z, [0, 0, 0], [1, batch, size]), [batch, size]);
          const along = (at: tf.Tensor): tf.Tensor => {
            const { mean } = decode(at);
            return tf.sum(tf.mul(mean, noise.normal('direction', mean.shape)));
          };
          return tf.mean(tf.sum(tf.square(tf.grad(along)(codes)), 1));
        },
      },
    ],
  }),
});
