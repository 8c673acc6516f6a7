/**
 * The ELBO and the importance-weighted bound of the same samples, mixed: -(beta ELBO + (1 - beta) L_K), a bound between the two.
 * Source: Rainforth et al. 2018, "Tighter variational bounds are not necessarily better", equation 14.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { importanceBound, importanceNeeds, logWeights } from '../shared/importance.js';

export default defineComponent({
  kind: 'loss',
  name: 'ciwae',
  description:
    "A mixture of the negative ELBO and the negative importance-weighted bound of the model's `samples` (Rainforth et al. 2018), in nats.",
  params: {
    beta: { type: 'number', minimum: 0, maximum: 1, default: 0.5, description: 'Share of the ELBO: 0 is `iwae`, 1 the usual VAE.' },
  },
  build: ({ beta }) => ({
    terms: [
      {
        players: ['encoder', 'decoder'],
        needs: importanceNeeds,
        compute: (offers) => {
          const logWeights_LB = logWeights(offers);
          const elbo = tf.mean(logWeights_LB);
          const bound = tf.mean(importanceBound(logWeights_LB));
          return tf.neg(tf.add(tf.mul(elbo, beta), tf.mul(bound, 1 - beta)));
        },
      },
    ],
  }),
});
