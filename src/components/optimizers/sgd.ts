/**
 * Stochastic gradient descent: w <- w - lr g.
 * Source: Robbins & Monro 1951, "A Stochastic Approximation Method".
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { learningRateParam } from '../shared/optimizer.js';

export default defineComponent({
  kind: 'optimizer',
  name: 'sgd',
  description: 'Stochastic gradient descent: each weight moves against its gradient.',
  params: { learningRate: learningRateParam(0.001) },
  build: ({ learningRate }) => ({
    learningRate,
    slots: [],
    update: ({ value, gradient, learningRate: rate }) => ({ value: tf.sub(value, tf.mul(gradient, rate)), slots: {} }),
  }),
});
