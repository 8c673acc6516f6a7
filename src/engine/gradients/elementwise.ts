/** Gradients of functions that work element by element. */
import * as tf from '@tensorflow/tfjs-core';
import { flat, ofPair, type Gradients } from './gradient.js';

const mask = (condition: tf.Tensor): tf.Tensor => tf.cast(condition, 'float32');

export const elementwiseGradients: Gradients = {
  Equal: flat('a', 'b'),
  NotEqual: flat('a', 'b'),
  Greater: flat('a', 'b'),
  GreaterEqual: flat('a', 'b'),
  Less: flat('a', 'b'),
  LessEqual: flat('a', 'b'),
  LogicalAnd: flat('a', 'b'),
  LogicalOr: flat('a', 'b'),
  LogicalXor: flat('a', 'b'),
  LogicalNot: flat('x'),
  All: flat('x'),
  Any: flat('x'),
  /** EluGrad(dy, y) = dy (min(y, 0) + 1): linear in dy, and in y where y is below zero. */
  EluGrad: ofPair('dy', 'y', (dy, y) => [() => tf.add(tf.minimum(y, 0), 1), () => tf.mul(dy, mask(tf.less(y, 0)))]),
  // TensorFlow.js leaves these three at the broadcast shape, and then refuses them.
  Maximum: ofPair('a', 'b', (a, b) => [() => mask(tf.greaterEqual(a, b)), () => mask(tf.less(a, b))]),
  Minimum: ofPair('a', 'b', (a, b) => [() => mask(tf.lessEqual(a, b)), () => mask(tf.greater(a, b))]),
  SquaredDifference: ofPair('a', 'b', (a, b) => [() => tf.mul(tf.sub(a, b), 2), () => tf.mul(tf.sub(b, a), 2)]),
};
