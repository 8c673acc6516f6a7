/**
 * How steep the critic is between real and fake examples, where a 1-Lipschitz critic that is optimal has slope 1:
 *
 *   |grad_x D(x)| at x = mix * real + (1 - mix) * fake
 *
 * The largest slope found is a lower bound of the critic's Lipschitz constant. The points are fixed by the batch: no noise is drawn.
 * Source: Gulrajani et al. 2017, "Improved Training of Wasserstein GANs", proposition 1 and section 4.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { squaredSlopes } from '../shared/penalties.js';
import { createMaxima, createMeans, joinReducers } from '../shared/reducers.js';

export default defineComponent({
  kind: 'metric',
  name: 'lipschitz',
  description:
    "Mean and largest norm of the critic's gradient by what it is shown, at points between each real example and a fake: near 1 where a " +
    'gradient penalty holds it there, below its bound where weights are clipped.',
  params: {
    mix: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.5,
      description: 'Share of the real example in a point: 0.5 is half way, 1 the real example itself and 0 the fake.',
    },
  },
  build: ({ mix }) => ({
    needs: ['real', 'fake', 'discriminate'],
    columns: () => [
      { name: 'lipschitz.mean', unit: '', title: 'Mean slope of the critic' },
      { name: 'lipschitz.max', unit: '', title: 'Largest slope of the critic' },
    ],
    measure: ({ real, fake, discriminate }) => ({
      slope: tf.sqrt(squaredSlopes(discriminate, tf.add(tf.mul(real, mix), tf.mul(fake, 1 - mix)))),
    }),
    reducer: () => joinReducers([createMeans('slope', 1), createMaxima('slope', 1)]),
  }),
});
