/**
 * Adam: the mean gradient over the root of the mean squared gradient, both corrected for their start at zero.
 * Source: Kingma & Ba 2015; shared/adam.ts has the formulas, and why the slots are scaled.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { adamParams, adamSlots, adamStep } from '../shared/adam.js';
import { learningRateParam } from '../shared/optimizer.js';

export default defineComponent({
  kind: 'optimizer',
  name: 'adam',
  description: 'Adam (Kingma and Ba 2015): steps of about the learning rate, whatever the size of the gradients.',
  params: { learningRate: learningRateParam(0.001), ...adamParams },
  build: ({ learningRate, ...options }) => ({
    learningRate,
    slots: adamSlots,
    update: (input) => {
      const { step, slots } = adamStep(input, options);
      return { value: tf.sub(input.value, step), slots };
    },
  }),
});
