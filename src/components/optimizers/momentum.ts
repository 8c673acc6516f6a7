/**
 * Gradient descent with momentum, velocity v: v <- b v + g, then w <- w - lr v, or with Nesterov's look-ahead w <- w - lr (g + b v).
 * The learning rate scales the whole velocity, as in PyTorch's SGD, so that a schedule acts at once.
 * Source: Polyak 1964; Nesterov's form after Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning".
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { learningRateParam, slotOf } from '../shared/optimizer.js';

export default defineComponent({
  kind: 'optimizer',
  name: 'momentum',
  description: 'Gradient descent with a velocity that remembers earlier gradients.',
  params: {
    learningRate: learningRateParam(0.001),
    momentum: {
      type: 'number',
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0.9,
      description: 'How much of the velocity is kept from update to update.',
    },
    nesterov: {
      type: 'boolean',
      default: false,
      description: 'Whether the gradient is taken as if the velocity had been followed already.',
    },
  },
  build: ({ learningRate, momentum, nesterov }) => ({
    learningRate,
    slots: ['velocity'],
    update: ({ value, gradient, slots, learningRate: rate }) => {
      const velocity = tf.add(tf.mul(slotOf(slots, 'velocity'), momentum), gradient);
      const direction = nesterov ? tf.add(gradient, tf.mul(velocity, momentum)) : velocity;
      return { value: tf.sub(value, tf.mul(direction, rate)), slots: { velocity } };
    },
  }),
});
