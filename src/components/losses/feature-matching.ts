/**
 * The generator matches the mean features of real examples, |E f(x) - E f(G(z))|^2, with f what the discriminator's last layer reads.
 * Source: Salimans et al. 2016, "Improved techniques for training GANs", section 3.1.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';

export default defineComponent({
  kind: 'loss',
  name: 'feature-matching',
  description: "The squared distance between the discriminator's mean features of real examples and of fakes (Salimans et al. 2016).",
  params: {},
  build: () => ({
    terms: [
      {
        players: ['generator'],
        needs: ['discriminator.real', 'discriminator.fake'],
        sign: 'non-negative',
        compute: ({ 'discriminator.real': real, 'discriminator.fake': fake }) =>
          tf.sum(tf.square(tf.sub(tf.mean(real.features, 0), tf.mean(fake.features, 0)))),
      },
    ],
  }),
});
