/**
 * Whole values k / (levels - 1), such as bytes read as k / 255: the mass of a logistic distribution with mean m and scale s between the
 * midpoints around each, w = 1 / (levels - 1) apart; the first and the last take the tails as well.
 *
 *   P(x) = F(x + w/2) - F(x - w/2),   F(t) = sigmoid((t - m) / s)
 *   log P = log F(x + w/2) + log(1 - F(x - w/2)) + log(1 - e^(-w/s))
 *
 * The second line holds exactly (e^a - e^b over both denominators), and has no difference of nearly equal numbers in it.
 * Source: Kingma et al. 2016, "Improved variational inference with inverse autoregressive flow", appendix D; Salimans et al. 2017.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { createLocationScale, paramsPerValueOf, scaleFloorParam } from '../shared/location-scale.js';
import { flattenData } from '../shared/shapes.js';

const initialScale = 0.1;
/** What keeps ln(u / (1 - u)) finite. */
const leastShare = 1e-6;

export default defineComponent({
  kind: 'likelihood',
  name: 'discretized-logistic',
  description:
    'Values in so many even levels from 0 to 1, such as bytes: the mass that a logistic distribution has around each. `bits-per-dimension` ' +
    'then needs no divisor.',
  params: {
    levels: { type: 'integer', minimum: 2, default: 256, unit: 'levels', description: 'Values that there are: 256 for bytes.' },
    scale: {
      anyOf: [
        { type: 'number', exclusiveMinimum: 0 },
        { type: 'string', enum: ['shared', 'per-value'] },
      ],
      default: 'shared',
      unit: 'data units',
      examples: ['shared', 0.05],
      description:
        'Scale of the logistic: a number, `shared` (one for all values, learned, 0.1 at first), or `per-value` (the decoder gives one beside ' +
        'each mean).',
    },
    floor: scaleFloorParam,
  },
  build: ({ levels, scale, floor }) => ({
    paramsPerValue: paramsPerValueOf(scale),
    supports: ['unit-interval'],
    levels,
    build: (scope, { shape }) => {
      const read = createLocationScale(scope, scale, floor, initialScale);
      const width = 1 / (levels - 1);
      return (params) => {
        const { location, scale: s } = read(params);
        // An output of 0 is the middle of the range.
        const m = tf.add(location, 0.5);
        return {
          // The integral of 1 - F from 0 to 1; the sum over the levels is its midpoint rule.
          mean: tf.mul(s, tf.sub(tf.softplus(tf.div(m, s)), tf.softplus(tf.div(tf.sub(m, 1), s)))),
          logProb: (x) => {
            const x_D = flattenData(x, shape);
            const s_D = s.rank === 0 ? s : flattenData(s, shape);
            const distance_D = tf.sub(x_D, flattenData(m, shape));
            const isInside = (is: tf.Tensor): tf.Tensor => tf.cast(is, 'float32');
            const hasAbove_D = isInside(tf.less(x_D, 1 - width / 2));
            const hasBelow_D = isInside(tf.greater(x_D, width / 2));
            const below_D = tf.softplus(tf.div(tf.add(distance_D, width / 2), tf.neg(s_D)));
            const above_D = tf.softplus(tf.div(tf.sub(distance_D, width / 2), s_D));
            const between = tf.log(tf.neg(tf.expm1(tf.div(-width, s_D))));
            const logMass_D = tf.sub(
              tf.mul(tf.mul(hasAbove_D, hasBelow_D), between),
              tf.add(tf.mul(hasAbove_D, below_D), tf.mul(hasBelow_D, above_D)),
            );
            return tf.sum(logMass_D, -1);
          },
          sample: (noise) => {
            const u = tf.clipByValue(noise.uniform('likelihood', m.shape), leastShare, 1 - leastShare);
            const drawn = tf.add(m, tf.mul(s, tf.log(tf.div(u, tf.sub(1, u)))));
            return tf.mul(tf.round(tf.div(tf.clipByValue(drawn, 0, 1), width)), width);
          },
        };
      };
    },
  }),
});
