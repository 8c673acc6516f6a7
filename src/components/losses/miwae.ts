/**
 * Several importance-weighted bounds, averaged: M groups of K samples, -mean_b 1/M sum_m log 1/K sum_k w_mk. Larger M makes the encoder's
 * gradient less noisy, larger K the bound tighter.
 * Source: Rainforth et al. 2018, "Tighter variational bounds are not necessarily better", equation 13.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { groupsParam, importanceBound, importanceNeeds, logWeights } from '../shared/importance.js';

export default defineComponent({
  kind: 'loss',
  name: 'miwae',
  description:
    "The mean of several negative importance-weighted bounds, each of a share of the model's `samples` (Rainforth et al. 2018), in nats; " +
    'with one group it is `iwae`, with as many as samples the negative ELBO.',
  params: { groups: groupsParam },
  build: ({ groups }) => ({
    terms: [
      {
        players: ['encoder', 'decoder'],
        needs: importanceNeeds,
        compute: (offers) => tf.neg(tf.mean(importanceBound(logWeights(offers), groups))),
      },
    ],
  }),
});
