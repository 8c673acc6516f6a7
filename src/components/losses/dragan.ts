/**
 * Holds the discriminator's slope at 1 around the data, x' = x + 0.5 std(x) u with u ~ U(0, 1) for each value:
 *
 *   E (|grad D(x')| - 1)^2
 *
 * Source: Kodali et al. 2017, "On convergence and stability of GANs", algorithm 1 and its published code.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { penalty, slopeNorms } from '../shared/penalties.js';

export default defineComponent({
  kind: 'loss',
  name: 'dragan',
  description: "A penalty on the discriminator's slope near real examples (Kodali et al. 2017); its usual weight is 10.",
  params: {
    spread: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 0.5,
      description: 'How far around an example, in standard deviations of the batch.',
    },
  },
  build: ({ spread }) => ({
    weighsSlopes: true,
    terms: [
      penalty(['real', 'discriminate'], ({ real, discriminate }, noise) => {
        const deviation = tf.sqrt(tf.mean(tf.square(tf.sub(real, tf.mean(real)))));
        const around = tf.add(real, tf.mul(noise.uniform('around', real.shape), tf.mul(deviation, spread)));
        return tf.mean(tf.square(tf.sub(slopeNorms(discriminate, around), 1)));
      }),
    ],
  }),
});
