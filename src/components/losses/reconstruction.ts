/**
 * Negative expected log-likelihood, the first term of the negative bound:
 *
 *   -mean_b mean_l log p(x_b | z_lb),   z_lb ~ q(z|x_b)
 *
 * Source: Kingma & Welling 2014, equation 7.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';

export default defineComponent({
  kind: 'loss',
  name: 'reconstruction',
  description:
    'What it costs to say an example when its code is known: -log p(x|z), summed over the values, averaged over samples and batch, in nats.',
  params: {},
  build: () => ({
    terms: [
      {
        players: ['encoder', 'decoder'],
        needs: ['x', 'likelihood'],
        sign: 'non-negative',
        compute: ({ x, likelihood }) => tf.neg(tf.mean(likelihood.logProb(x))),
      },
    ],
  }),
});
