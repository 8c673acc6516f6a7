/**
 * The value of the game that a GAN plays, with D = sigmoid(l) for the discriminator's logit l:
 *
 *   V(D, G) = E log D(x) + E log(1 - D(G(z))) = -E softplus(-l(x)) - E softplus(l(G(z)))
 *
 * The discriminator raises it and the generator lowers it. It is never above 0; at the optimum of both, D = 1/2, it is -2 ln 2.
 * Source: Goodfellow et al. 2014, "Generative Adversarial Nets", equation 1 and theorem 1.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { createMeans } from '../shared/reducers.js';

export default defineComponent({
  kind: 'metric',
  name: 'gan-value',
  description:
    'V(D,G) = E log D(x) + E log(1 - D(fake)), for a discriminator whose output is the log odds of being real: 0 where it tells all ' +
    'apart, -2 ln 2 = -1.386 where it can tell nothing.',
  params: {},
  build: () => ({
    needs: ['discriminator.real', 'discriminator.fake'],
    columns: () => [{ name: 'gan-value', unit: 'nats', title: 'V(D,G)' }],
    measure: (offers) => {
      const [real, fake] = [offers['discriminator.real'].logits, offers['discriminator.fake'].logits];
      return { value: tf.neg(tf.add(tf.softplus(tf.neg(real)), tf.softplus(fake))) };
    },
    reducer: () => createMeans('value', 1),
  }),
});
