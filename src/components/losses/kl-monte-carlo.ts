/**
 * Divergence of the posterior from the prior, estimated from the samples that are decoded:
 *
 *   mean_b mean_l log q(z_lb|x_b) - log p(z_lb)
 *
 * Without bias for any prior, but with more variance than the closed form.
 * Source: Kingma & Welling 2014, equation 6.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { klEstimators } from '../shared/evidence.js';

const { needs, perExample } = klEstimators['monte-carlo'];

export default defineComponent({
  kind: 'loss',
  name: 'kl-monte-carlo',
  description:
    'KL(q(z|x) || p(z)) estimated as log q(z|x) - log p(z) at the samples, averaged over them and the batch, in nats; for any prior.',
  params: {},
  build: () => ({
    terms: [{ players: ['encoder', 'decoder'], needs, compute: (offers) => tf.mean(perExample(offers)) }],
  }),
});
