/**
 * Divergence of the posterior from the prior in closed form, the second term of the negative bound:
 *
 *   mean_b sum_z KL(q(z|x_b) || p(z))
 *
 * Source: Kingma & Welling 2014, equation 7 and appendix B. A constant weight makes it a beta-VAE (Higgins et al. 2017).
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';

export default defineComponent({
  kind: 'loss',
  name: 'kl',
  description:
    'KL(q(z|x) || p(z)) in closed form, summed over latents, averaged over the batch, in nats; for priors that have such a form.',
  params: {},
  build: () => ({
    terms: [{ players: ['encoder', 'decoder'], needs: ['kl'], sign: 'non-negative', compute: ({ kl }) => tf.mean(tf.sum(kl, -1)) }],
  }),
});
