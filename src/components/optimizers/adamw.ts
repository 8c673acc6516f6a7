/**
 * AdamW: Adam, with weight decay that does not go through the moments: w <- (1 - lr decay) w - Adam's step. As in PyTorch, the
 * learning rate scales the decay, and all weights decay, biases too.
 * Source: Loshchilov & Hutter 2019, "Decoupled Weight Decay Regularization", algorithm 2.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { adamParams, adamSlots, adamStep } from '../shared/adam.js';
import { learningRateParam } from '../shared/optimizer.js';

export default defineComponent({
  kind: 'optimizer',
  name: 'adamw',
  description: 'Adam with decoupled weight decay (Loshchilov and Hutter 2019).',
  params: {
    learningRate: learningRateParam(0.001),
    ...adamParams,
    weightDecay: {
      type: 'number',
      minimum: 0,
      default: 0.01,
      description: 'Share of each weight that is lost per update, times the learning rate.',
    },
  },
  build: ({ learningRate, weightDecay, ...options }) => ({
    learningRate,
    slots: adamSlots,
    update: (input) => {
      const { step, slots } = adamStep(input, options);
      const kept = tf.sub(1, tf.mul(input.learningRate, weightDecay));
      return { value: tf.sub(tf.mul(input.value, kept), step), slots };
    },
  }),
});
