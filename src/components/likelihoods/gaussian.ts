/**
 * Independent Gaussian values around the decoder's means m, with scale s:
 *
 *   log p(x|z) = sum_d -(x - m)^2 / (2 s^2) - ln s - ln(2 pi) / 2
 *
 * One learned scale for all values keeps the two terms of the bound in balance without a weight to tune.
 * Source: Rybkin, Daniilidis & Levine 2021, "Simple and Effective VAE Training with Calibrated Decoders".
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { createLocationScale, paramsPerValueOf, scaleFloorParam } from '../shared/location-scale.js';
import { flattenData, numValues } from '../shared/shapes.js';

const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);
export default defineComponent({
  kind: 'likelihood',
  name: 'gaussian',
  description: 'Independent real values around a mean from the decoder, with a scale that is fixed or learned.',
  params: {
    scale: {
      anyOf: [
        { type: 'number', exclusiveMinimum: 0 },
        { type: 'string', enum: ['shared', 'per-value'] },
      ],
      default: 'shared',
      unit: 'data units',
      examples: ['shared', 0.1],
      description:
        'Standard deviation of a value given its code: a number, `shared` (one for all values, learned, 1 at first), or `per-value` ' +
        '(the decoder gives one beside each mean).',
    },
    floor: scaleFloorParam,
  },
  build: ({ scale, floor }) => ({
    paramsPerValue: paramsPerValueOf(scale),
    supports: ['unit-interval', 'real'],
    build: (scope, { shape }) => {
      const read = createLocationScale(scope, scale, floor);
      return (params) => {
        const { location: mean, scale: s } = read(params);
        return {
          mean,
          logProb: (x) => {
            // Not tf.squaredDifference, whose gradient knows no broadcasting.
            const squares_D = tf.square(tf.sub(flattenData(x, shape), flattenData(mean, shape)));
            if (s.rank === 0) {
              const offset = tf.mul(tf.add(tf.log(s), halfLogTwoPi), numValues(shape));
              return tf.sub(tf.div(tf.sum(squares_D, -1), tf.mul(tf.square(s), -2)), offset);
            }
            const s_D = flattenData(s, shape);
            const misfit_D = tf.div(squares_D, tf.mul(tf.square(s_D), 2));
            return tf.neg(tf.sum(tf.add(tf.add(misfit_D, tf.log(s_D)), halfLogTwoPi), -1));
          },
          sample: (noise) => tf.add(mean, tf.mul(noise.normal('likelihood', mean.shape), s)),
        };
      };
    },
  }),
});
