/**
 * The capacity form of the beta-VAE: the divergence is held at a capacity C that grows while training goes on, mean_b |KL - C|, with a
 * large weight gamma (1000 in the paper).
 * Source: Burgess et al. 2018, "Understanding disentangling in beta-VAE", equation 8.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';

export default defineComponent({
  kind: 'loss',
  name: 'kl-capacity',
  description:
    'How far the divergence is from a capacity that grows, |KL - C|, in nats (Burgess et al. 2018); in place of `kl`, with a `weight` such as 1000.',
  params: {
    capacity: {
      component: 'schedule',
      default: { type: 'linear-warmup', epochs: 10, to: 25 },
      description: 'The capacity C in nats: a number, or a schedule such as `{ type: linear-warmup, epochs: 10, to: 25 }`.',
    },
  },
  build: ({ capacity }) => ({
    terms: [
      {
        players: ['encoder', 'decoder'],
        needs: ['kl'],
        sign: 'non-negative',
        compute: ({ kl }, _, now) => {
          if (now === undefined) throw new Error('a capacity changes with time, and the loss is not told the time');
          return tf.mean(tf.abs(tf.sub(tf.sum(kl, -1), now('capacity', capacity))));
        },
      },
    ],
  }),
});
