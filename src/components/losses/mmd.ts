/**
 * How far the codes of a batch, taken together, are from the prior, as a kernel sees it: the maximum mean discrepancy. With a `point`
 * posterior it is the Wasserstein autoencoder's penalty; beside a `kl` of weight 1 - alpha, with weight alpha + lambda - 1, InfoVAE's.
 * Source: Tolstikhin et al. 2018, "Wasserstein auto-encoders", algorithm 2; Zhao, Song & Ermon 2019, "InfoVAE", equation 8.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { kernelParam, meanDiscrepancy } from '../shared/kernels.js';

export default defineComponent({
  kind: 'loss',
  name: 'mmd',
  description:
    'Maximum mean discrepancy of the codes of a batch from draws of the prior, by a kernel: what WAE and InfoVAE put in place of `kl` or ' +
    'beside it. An estimate without bias, that may be below zero.',
  params: {
    kernel: kernelParam,
    scales: {
      type: 'array',
      items: { type: 'number', exclusiveMinimum: 0 },
      minItems: 1,
      default: [0.1, 0.2, 0.5, 1, 2, 5, 10],
      description: 'Kernels are added up whose C is 2 x latent size x scale squared, for each of these.',
    },
  },
  build: ({ kernel, scales }) => ({
    terms: [
      {
        players: ['encoder', 'decoder'],
        needs: ['z', 'prior'],
        compute: ({ z, prior }, noise) => {
          // The first of the L samples stands for the posterior: others of the same example are no further independent draws.
          const [, count = 1, size = 1] = z.shape;
          const codes = tf.reshape(tf.slice(z, [0, 0, 0], [1, count, size]), [count, size]);
          return meanDiscrepancy(codes, prior.sample(noise, count), kernel, scales);
        },
      },
    ],
  }),
});
