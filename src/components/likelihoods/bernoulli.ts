/**
 * Independent Bernoulli values with logits l from the decoder:
 *
 *   log p(x|z) = sum_d x l - softplus(l)
 *
 * which stays exact where the probability itself would round to 0 or 1.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { flattenData } from '../shared/shapes.js';

export default defineComponent({
  kind: 'likelihood',
  name: 'bernoulli',
  description:
    'Independent binary values with logits from the decoder. On grey values from 0 to 1 it is the usual cross-entropy, which is not the ' +
    'logarithm of a normalised density: `continuous-bernoulli` is.',
  params: {},
  build: () => ({
    paramsPerValue: 1,
    supports: ['binary', 'unit-interval'],
    build:
      (_, { shape }) =>
      (logits) => {
        const mean = tf.sigmoid(logits);
        return {
          mean,
          logProb: (x) => {
            const logits_D = flattenData(logits, shape);
            return tf.sum(tf.sub(tf.mul(flattenData(x, shape), logits_D), tf.softplus(logits_D)), -1);
          },
          sample: (noise) => tf.cast(tf.less(noise.uniform('likelihood', logits.shape), mean), 'float32'),
        };
      },
  }),
});
