/**
 * Importance-weighted autoencoder: the negative bound of K samples, -mean_b log 1/K sum_k p(x|z_k) p(z_k) / q(z_k|x), tighter than the
 * ELBO for K > 1 and its one-sample estimate for K = 1. Source: Burda, Grosse & Salakhutdinov 2016, equations 8 and 13.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { importanceBound, importanceNeeds, logWeights } from '../shared/importance.js';

export default defineComponent({
  kind: 'loss',
  name: 'iwae',
  description:
    "The negative importance-weighted bound of the model's `samples`, in nats (Burda et al. 2016): it stands alone, in place of " +
    '`reconstruction` and `kl`.',
  params: {},
  build: () => ({
    terms: [
      {
        players: ['encoder', 'decoder'],
        needs: importanceNeeds,
        compute: (offers) => tf.neg(tf.mean(importanceBound(logWeights(offers)))),
      },
    ],
  }),
});
