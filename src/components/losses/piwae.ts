/**
 * Partially importance-weighted: the decoder climbs the tight bound of all samples, the encoder the mean of the bounds of M groups, whose
 * gradient does not drown in noise as the samples become more.
 * Source: Rainforth et al. 2018, "Tighter variational bounds are not necessarily better", equations 15 and 16.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { LossTerm } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { groupsParam, importanceBound, importanceNeeds, logWeights } from '../shared/importance.js';

const term = (player: string, groups: number): LossTerm => ({
  players: [player],
  needs: importanceNeeds,
  compute: (offers) => tf.neg(tf.mean(importanceBound(logWeights(offers), groups))),
});

export default defineComponent({
  kind: 'loss',
  name: 'piwae',
  description:
    "`iwae` for the decoder and `miwae` for the encoder, of the same samples (Rainforth et al. 2018), in nats. The loss's figure is the sum of both.",
  params: { groups: groupsParam },
  build: ({ groups }) => ({ terms: [term('encoder', groups), term('decoder', 1)] }),
});
