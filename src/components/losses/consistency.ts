/**
 * Consistency: a real example and a slightly noisy copy of it are to get the same score, E (D(x) - D(x + deviation noise))^2.
 * Source: Zhang et al. 2020, "Consistency regularization for GANs", equation 3, with noise as the augmentation.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { penalty } from '../shared/penalties.js';

export default defineComponent({
  kind: 'loss',
  name: 'consistency',
  description:
    'The squared difference of what the discriminator says of real examples and of noisy copies (Zhang et al. 2020); its usual weight is 10.',
  params: {
    deviation: { type: 'number', exclusiveMinimum: 0, default: 0.1, description: 'Standard deviation of the noise on the copies.' },
  },
  build: ({ deviation }) => ({
    terms: [
      penalty(['real', 'discriminator.real', 'discriminate'], ({ real, 'discriminator.real': { logits }, discriminate }, noise) => {
        const copies = tf.add(real, tf.mul(noise.normal('copies', real.shape), deviation));
        return tf.mean(tf.square(tf.sub(logits, discriminate(copies).logits)));
      }),
    ],
  }),
});
