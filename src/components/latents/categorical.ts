/** One of K classes, equally likely, as a one-hot code: the categorical code of InfoGAN (Chen et al. 2016). */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { pickEvenly } from '../shared/inference.js';

export default defineComponent({
  kind: 'latent',
  name: 'categorical',
  description: 'One of some equally likely classes, as a one-hot code.',
  params: { classes: { type: 'integer', minimum: 2, description: 'How many classes; a code has as many numbers.', examples: [10] } },
  build: ({ classes }) => ({
    size: classes,
    sample: (noise, name, count) => pickEvenly(noise.uniform(name, [count, 1]), classes),
    inference: {
      numParameters: classes,
      logProb: (codes, logits) => tf.sum(tf.mul(codes, tf.logSoftmax(logits)), 1),
    },
  }),
});
