/**
 * Half the squared length of the codes, mean_b 1/2 |z_b|^2: what a divergence from the unit Gaussian leaves of itself where codes are points.
 * With weight decay of the decoder (`adamw`) it is the RAE-L2, with `decoder-slope` the RAE-GP.
 * Source: Ghosh, Sajjadi, Vergari, Black & Schölkopf 2020, "From variational to deterministic autoencoders", equation 11.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';

export default defineComponent({
  kind: 'loss',
  name: 'code-norm',
  description:
    'Half the squared length of codes, averaged over the batch: what keeps those of a regularized autoencoder (Ghosh et al. 2020) together.',
  params: {},
  build: () => ({
    terms: [
      {
        players: ['encoder', 'decoder'],
        needs: ['z'],
        sign: 'non-negative',
        compute: ({ z }) => tf.mul(tf.mean(tf.sum(tf.square(z), -1)), 0.5),
      },
    ],
  }),
});
