/**
 * Independent Laplace values around the decoder's medians m, with scale b:
 *
 *   log p(x|z) = sum_d -|x - m| / b - ln(2 b)
 *
 * Its cost grows with the distance and not with its square: single values that are far off count less than with a Gaussian, and edges stay
 * sharper. Source: of the density, Laplace 1774; with an absolute error as reconstruction, Larsen et al. 2016 and Zhao et al. 2017.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { createLocationScale, paramsPerValueOf, scaleFloorParam } from '../shared/location-scale.js';
import { flattenData, numValues } from '../shared/shapes.js';

/** Draws of exactly 0 would lie infinitely far out. */
const leastTail = 1e-7;

export default defineComponent({
  kind: 'likelihood',
  name: 'laplace',
  description: 'Independent real values around a median from the decoder: the absolute error, with a scale that is fixed or learned.',
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
        'Mean distance of a value from its median: a number, `shared` (one for all values, learned, 1 at first), or `per-value` (the decoder ' +
        'gives one beside each median).',
    },
    floor: scaleFloorParam,
  },
  build: ({ scale, floor }) => ({
    paramsPerValue: paramsPerValueOf(scale),
    supports: ['unit-interval', 'real'],
    build: (scope, { shape }) => {
      const read = createLocationScale(scope, scale, floor);
      return (params) => {
        const { location, scale: b } = read(params);
        return {
          mean: location,
          logProb: (x) => {
            const distances_D = tf.abs(tf.sub(flattenData(x, shape), flattenData(location, shape)));
            if (b.rank === 0) {
              const offset = tf.mul(tf.log(tf.mul(b, 2)), numValues(shape));
              return tf.neg(tf.add(tf.div(tf.sum(distances_D, -1), b), offset));
            }
            const b_D = flattenData(b, shape);
            return tf.neg(tf.sum(tf.add(tf.div(distances_D, b_D), tf.log(tf.mul(b_D, 2))), -1));
          },
          sample: (noise) => {
            // The quantile function: m - b sign(u) ln(1 - 2 |u|) for u from -1/2 to 1/2.
            const u = tf.sub(noise.uniform('likelihood', location.shape), 0.5);
            const tail = tf.maximum(tf.sub(1, tf.mul(tf.abs(u), 2)), leastTail);
            return tf.sub(location, tf.mul(b, tf.mul(tf.sign(u), tf.log(tail))));
          },
        };
      };
    },
  }),
});
