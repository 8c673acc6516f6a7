/**
 * AdaMax: Adam with the largest recent gradient in the place of the root mean square:
 *
 *   m <- b1 m + (1 - b1) g,  u <- max(b2 u, |g| + eps),  w <- w - lr / (1 - b1^t) m / u
 *
 * The slot `gradient-sum` is m / (1 - b1), as in shared/adam.ts. The paper has no eps; PyTorch puts it where it is here.
 * Source: Kingma & Ba 2015, algorithm 2.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { adamParams, biasCorrection } from '../shared/adam.js';
import { learningRateParam, slotOf } from '../shared/optimizer.js';

export default defineComponent({
  kind: 'optimizer',
  name: 'adamax',
  description: 'Adam scaled by the largest recent gradient of each weight (Kingma and Ba 2015).',
  params: {
    learningRate: learningRateParam(0.002),
    beta1: adamParams.beta1,
    beta2: { ...adamParams.beta2, description: 'How much of the largest gradient is kept from update to update.' },
    epsilon: { ...adamParams.epsilon, description: "Added to each gradient's size, so that nothing is divided by zero." },
  },
  build: ({ learningRate, beta1, beta2, epsilon }) => ({
    learningRate,
    slots: ['gradient-sum', 'largest'],
    update: ({ value, gradient, slots, learningRate: rate, count }) => {
      const gradientSum = tf.add(tf.mul(slotOf(slots, 'gradient-sum'), beta1), gradient);
      const largest = tf.maximum(tf.mul(slotOf(slots, 'largest'), beta2), tf.add(tf.abs(gradient), epsilon));
      const scaledRate = tf.div(tf.mul(rate, 1 - beta1), biasCorrection(beta1, count));
      return { value: tf.sub(value, tf.mul(tf.div(gradientSum, largest), scaledRate)), slots: { 'gradient-sum': gradientSum, largest } };
    },
  }),
});
