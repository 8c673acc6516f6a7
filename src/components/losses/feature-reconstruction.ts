/**
 * Reconstructions compared by what the discriminator sees: half the squared distance of its features, a unit-variance Gaussian's
 * -log p(f(x) | z) without its constant. Source: Larsen et al. 2016, "Autoencoding beyond pixels", equation 7.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';

export default defineComponent({
  kind: 'loss',
  name: 'feature-reconstruction',
  description:
    "Half the squared distance between the discriminator's features of examples and of their reconstructions (Larsen et al. 2016).",
  params: {},
  build: () => ({
    terms: [
      {
        players: ['encoder', 'decoder'],
        needs: ['discriminator.real', 'discriminator.reconstruction'],
        sign: 'non-negative',
        compute: (offers) => {
          const difference = tf.sub(offers['discriminator.real'].features, offers['discriminator.reconstruction'].features);
          return tf.mul(tf.mean(tf.sum(tf.square(difference), 1)), 0.5);
        },
      },
    ],
  }),
});
