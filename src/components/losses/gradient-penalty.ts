/**
 * Holds a critic's slope at 1 on lines between real examples and fakes, where an optimal critic has it:
 *
 *   E (|grad D(x')| - 1)^2,   x' = u x + (1 - u) G(z),   u ~ U(0, 1)
 *
 * One-sided it forgives smaller slopes. Its usual weight is 10. Sources: Gulrajani et al. 2017, equation 3; Petzka et al. 2018.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { penalty, perExampleShape, slopeNorms } from '../shared/penalties.js';

export default defineComponent({
  kind: 'loss',
  name: 'gradient-penalty',
  description:
    "A penalty on a critic's slope between real examples and fakes, as in WGAN-GP (Gulrajani et al. 2017); its usual weight is 10.",
  params: {
    slope: { type: 'number', minimum: 0, default: 1, description: 'The slope that is asked for.' },
    sides: {
      type: 'string',
      enum: ['two', 'one'],
      default: 'two',
      description: 'Whether slopes on both sides of it cost something, or larger ones alone.',
    },
  },
  build: ({ slope, sides }) => ({
    weighsSlopes: true,
    terms: [
      penalty(['real', 'fake', 'discriminate'], ({ real, fake, discriminate }, noise) => {
        const share = noise.uniform('mix', perExampleShape(real));
        const mixed = tf.add(tf.mul(real, share), tf.mul(fake, tf.sub(1, share)));
        const excess = tf.sub(slopeNorms(discriminate, mixed), slope);
        return tf.mean(tf.square(sides === 'one' ? tf.relu(excess) : excess));
      }),
    ],
  }),
});
