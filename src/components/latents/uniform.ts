/** Independent uniform codes, as in the first GANs and as the continuous codes of InfoGAN (Chen et al. 2016). */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { normalInference } from '../shared/inference.js';

export default defineComponent({
  kind: 'latent',
  name: 'uniform',
  description: 'Independent numbers, uniform between two bounds.',
  params: {
    size: { type: 'integer', minimum: 1, unit: 'dimensions', description: 'Numbers per code.', examples: [2] },
    low: { type: 'number', default: -1, description: 'The lower bound.' },
    high: { type: 'number', default: 1, description: 'The upper bound.' },
  },
  build: ({ size, low, high }) => ({
    size,
    sample: (noise, name, count) => tf.add(tf.mul(noise.uniform(name, [count, size]), high - low), low),
    inference: normalInference(size),
  }),
});
