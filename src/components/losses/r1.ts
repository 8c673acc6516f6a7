/**
 * The squared slope of the discriminator at real examples, E |grad D|^2 / 2: with weight gamma the penalty of the paper.
 * Source: Mescheder, Geiger & Nowozin 2018, "Which training methods for GANs do actually converge?", equation 9.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { penalty, squaredSlopes } from '../shared/penalties.js';

export default defineComponent({
  kind: 'loss',
  name: 'r1',
  description: 'Half the squared slope of the discriminator at real examples (Mescheder et al. 2018); its usual weight is 10.',
  params: {},
  build: () => ({
    weighsSlopes: true,
    terms: [penalty(['real', 'discriminate'], ({ real, discriminate }) => tf.mul(tf.mean(squaredSlopes(discriminate, real)), 0.5))],
  }),
});
