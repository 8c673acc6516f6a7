/** Independent normal codes, the usual start of a generator. As codes of an InfoGAN they are inferred by mean and log scale. */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { normalInference } from '../shared/inference.js';

export default defineComponent({
  kind: 'latent',
  name: 'normal',
  description: 'Independent normal numbers around zero.',
  params: {
    size: { type: 'integer', minimum: 1, unit: 'dimensions', description: 'Numbers per code.', examples: [100] },
    deviation: { type: 'number', exclusiveMinimum: 0, default: 1, description: 'Standard deviation of each number.' },
  },
  build: ({ size, deviation }) => ({
    size,
    sample: (noise, name, count) => {
      const draws = noise.normal(name, [count, size]);
      return deviation === 1 ? draws : tf.mul(draws, deviation);
    },
    inference: normalInference(size),
  }),
});
