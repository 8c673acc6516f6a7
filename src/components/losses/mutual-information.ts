/**
 * A bound on the mutual information of codes and examples, up to the constant entropy of the codes: -E log q(c | G(z, c)). The generator
 * and the discriminator, which q shares its layers with, both minimise it.
 * Source: Chen et al. 2016, "InfoGAN", equation 5.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';

export default defineComponent({
  kind: 'loss',
  name: 'mutual-information',
  description:
    'What it costs to tell the codes of a fake from the fake, -E log q(c|x), in nats (Chen et al. 2016); for models with `codes`.',
  params: {},
  build: () => ({
    terms: [
      {
        players: ['generator', 'discriminator'],
        needs: ['code.logProb'],
        compute: (offers) => tf.neg(tf.mean(offers['code.logProb'])),
      },
    ],
  }),
});
