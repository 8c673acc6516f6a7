/**
 * Groups of K numbers of which one is 1, each class as likely as any other. To a categorical posterior with probabilities q its divergence
 * is ln K less the entropy: q (ln q + ln K) for each number, of which a group's add up.
 * Source: Jang, Gu & Poole 2017, "Categorical reparameterization with Gumbel-softmax", section 3. Shapes: G groups.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { pickEvenly } from '../shared/inference.js';

export default defineComponent({
  kind: 'prior',
  name: 'categorical',
  description: 'Groups of one-hot numbers, all classes alike; for the posterior `gumbel-softmax` with as many classes.',
  params: {
    classes: { type: 'integer', minimum: 2, default: 10, examples: [2], description: 'Classes of each group.' },
  },
  build: ({ classes }) => ({
    hasClosedFormKl: true,
    form: 'categorical',
    classes,
    build: (_, latent) => {
      const numGroups = latent / classes;
      return {
        isDiscrete: true,
        sample: (noise, count) => {
          const picked = pickEvenly(tf.reshape(noise.uniform('prior', [count, numGroups]), [-1, 1]), classes);
          return tf.reshape(picked, [count, latent]);
        },
        logProb: (z) => tf.mul(tf.sum(z, -1), -Math.log(classes)),
        // q ln q is 0 at q = 0.
        kl: ({ mean }) => tf.mul(mean, tf.add(tf.log(tf.maximum(mean, 1e-20)), Math.log(classes))),
      };
    },
  }),
});
