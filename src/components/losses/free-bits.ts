/**
 * The divergence with free nats: below a slack that each latent has for nothing, there is no reason to say less,
 *
 *   sum_z max(freeNats, mean_b KL(q(z|x_b) || p(z)))
 *
 * Source: Kingma et al. 2016, "Improved variational inference with inverse autoregressive flow", equation 15.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';

export default defineComponent({
  kind: 'loss',
  name: 'free-bits',
  description: 'KL(q(z|x) || p(z)) of which each latent has some for nothing, in nats (Kingma et al. 2016); in place of `kl`.',
  params: {
    freeNats: { type: 'number', minimum: 0, default: 0.5, unit: 'nats', description: 'What a latent may say without cost, on average.' },
  },
  build: ({ freeNats }) => ({
    terms: [
      {
        players: ['encoder', 'decoder'],
        needs: ['kl'],
        sign: 'non-negative',
        compute: ({ kl }) => tf.sum(tf.maximum(tf.mean(kl, 0), freeNats)),
      },
    ],
  }),
});
