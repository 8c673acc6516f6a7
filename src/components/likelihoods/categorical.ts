/**
 * Independent values in K even levels from 0 to 1, with logits l for each level from the decoder:
 *
 *   log p(x|z) = sum_d l_k(x) - ln sum_j e^(l_j),   k(x) = x (K - 1), rounded
 *
 * It takes nothing for granted of how levels neighbour each other, at the price of K outputs for each value.
 * Source: van den Oord, Kalchbrenner & Kavukcuoglu 2016, "Pixel Recurrent Neural Networks", section 3.4. Shapes: D data values, K levels.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { numValues } from '../shared/shapes.js';

/** Draws of exactly 0 would win by an infinite logit. */
const leastDraw = 1e-7;

export default defineComponent({
  kind: 'likelihood',
  name: 'categorical',
  description:
    'Values in a few even levels from 0 to 1, each level with a logit of its own from the decoder. Values between two levels count as the nearer one.',
  params: {
    levels: {
      type: 'integer',
      minimum: 2,
      default: 8,
      unit: 'levels',
      description: 'Levels that a value is counted into; the decoder gives so many numbers for each value.',
    },
  },
  build: ({ levels }) => ({
    paramsPerValue: levels,
    supports: levels === 2 ? ['binary', 'unit-interval'] : ['unit-interval'],
    levels,
    build: (_, { shape }) => {
      const size = numValues(shape);
      return (params) => {
        const leading = params.shape.slice(0, params.rank - shape.length);
        const logits_DK = tf.reshape(params, [...leading, size, levels]);
        const places_K = tf.range(0, levels, 1, 'float32');
        const asData = (indices_D: tf.Tensor): tf.Tensor => tf.reshape(tf.div(indices_D, levels - 1), [...leading, ...shape]);
        return {
          mean: asData(tf.sum(tf.mul(tf.softmax(logits_DK), places_K), -1)),
          logProb: (x) => {
            const index = tf.round(tf.mul(tf.reshape(x, [...x.shape.slice(0, x.rank - shape.length), size, 1]), levels - 1));
            const isLevel_DK = tf.cast(tf.equal(index, places_K), 'float32');
            const chosen_D = tf.sum(tf.mul(isLevel_DK, logits_DK), -1);
            return tf.sum(tf.sub(chosen_D, tf.logSumExp(logits_DK, -1)), -1);
          },
          sample: (noise) => {
            // The largest of the logits with Gumbel noise is a draw (Gumbel 1954).
            const u = tf.maximum(noise.uniform('likelihood', logits_DK.shape), leastDraw);
            return asData(tf.cast(tf.argMax(tf.sub(logits_DK, tf.log(tf.neg(tf.log(u)))), -1), 'float32'));
          },
        };
      };
    },
  }),
});
