/**
 * The squared slope of the discriminator at fakes, E |grad D|^2 / 2: with weight gamma the penalty of the paper.
 * Source: Mescheder, Geiger & Nowozin 2018, "Which training methods for GANs do actually converge?", equation 10.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { penalty, squaredSlopes } from '../shared/penalties.js';

export default defineComponent({
  kind: 'loss',
  name: 'r2',
  description: 'Half the squared slope of the discriminator at fakes (Mescheder et al. 2018); its usual weight is 10.',
  params: {},
  build: () => ({
    weighsSlopes: true,
    terms: [penalty(['fake', 'discriminate'], ({ fake, discriminate }) => tf.mul(tf.mean(squaredSlopes(discriminate, fake)), 0.5))],
  }),
});
