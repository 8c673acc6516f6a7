/**
 * Continuous Bernoulli: the density on [0, 1] that is proportional to the Bernoulli formula. With logits l,
 *
 *   log p(x|z) = sum_d x l - A(l),   A(l) = ln((e^l - 1) / l)
 *   E[x|z] = A'(l) = 1 / (1 - e^-l) - 1 / l,   x = ln(1 + u (e^l - 1)) / l for uniform u
 *
 * All three are 0/0 at l = 0 and take their Taylor series there.
 * Source: Loaiza-Ganem & Cunningham 2019, "The continuous Bernoulli: fixing a pervasive error in variational autoencoders".
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { flattenData } from '../shared/shapes.js';

/** Below it, in magnitude, the series are exact to float32; above it, the formulas are. */
const seriesBelow = 1;
/** The quantile's series is cut after its linear term, so it is used in a smaller range. */
const quantileSeriesBelow = 0.02;

/** c0 + c1 y + c2 y^2 + ... by Horner's rule. */
const polynomial = (y: tf.Tensor, coefficients: readonly number[]): tf.Tensor =>
  coefficients.slice(0, -1).reduceRight<tf.Tensor>((sum, c) => tf.add(tf.mul(sum, y), c), tf.scalar(coefficients.at(-1) ?? 0));

/**
 * `far` for sizes >= limit, `near` below. Neither is given a size of the other's, because the gradient of tf.where multiplies
 * what is not chosen by zero, and that leaves NaN and infinity what they are.
 */
const piecewise = (size: tf.Tensor, limit: number, near: (a: tf.Tensor) => tf.Tensor, far: (a: tf.Tensor) => tf.Tensor): tf.Tensor =>
  tf.where(tf.greaterEqual(size, limit), far(tf.maximum(size, limit)), near(tf.minimum(size, limit)));

const logNormalizer = (l: tf.Tensor): tf.Tensor =>
  piecewise(
    tf.abs(l),
    seriesBelow,
    (a) => {
      const square = tf.square(a);
      return tf.add(tf.mul(l, 0.5), tf.mul(square, polynomial(square, [1 / 24, -1 / 2880, 1 / 181440, -1 / 9676800])));
    },
    (a) => tf.add(tf.relu(l), tf.log(tf.div(tf.sub(1, tf.exp(tf.neg(a))), a))),
  );

/** 1/2 + l k(|l|): what multiplies l is even. */
const meanOf = (l: tf.Tensor): tf.Tensor => {
  const slope = piecewise(
    tf.abs(l),
    seriesBelow,
    (a) => polynomial(tf.square(a), [1 / 12, -1 / 720, 1 / 30240, -1 / 1209600]),
    (a) => tf.div(tf.sub(tf.div(0.5, tf.tanh(tf.mul(a, 0.5))), tf.div(1, a)), a),
  );
  return tf.add(tf.mul(l, slope), 0.5);
};

/** As for -|l|, where nothing overflows; a positive l mirrors it at 1/2, and 1 - u is as uniform as u. */
const quantile = (l: tf.Tensor, u: tf.Tensor): tf.Tensor => {
  const falling = piecewise(
    tf.abs(l),
    quantileSeriesBelow,
    (a) => tf.sub(u, tf.mul(tf.mul(a, 0.5), tf.mul(u, tf.sub(1, u)))),
    (a) => tf.neg(tf.div(tf.log(tf.sub(1, tf.mul(u, tf.sub(1, tf.exp(tf.neg(a)))))), a)),
  );
  const inside = tf.clipByValue(falling, 0, 1);
  return tf.where(tf.greater(l, 0), tf.sub(1, inside), inside);
};

export default defineComponent({
  kind: 'likelihood',
  name: 'continuous-bernoulli',
  description: 'Independent values between 0 and 1, such as grey pixels, with the normalised density that cross-entropy lacks.',
  params: {},
  build: () => ({
    paramsPerValue: 1,
    supports: ['unit-interval'],
    build:
      (_, { shape }) =>
      (logits) => ({
        mean: meanOf(logits),
        logProb: (x) => {
          const logits_D = flattenData(logits, shape);
          return tf.sum(tf.sub(tf.mul(flattenData(x, shape), logits_D), logNormalizer(logits_D)), -1);
        },
        sample: (noise) => quantile(logits, noise.uniform('likelihood', logits.shape)),
      }),
  }),
});
