/**
 * Gradients of sums and means. Those of TensorFlow.js are right; but they make a tensor of ones as large as what was summed, on the host,
 * which a recording turns into one number again.
 */
import * as tf from '@tensorflow/tfjs-core';
import { axesOf, gradient, saved, sizeOf, type Gradient, type Gradients } from './gradient.js';

/** dy at every element that was summed, divided by `divisor` of their number. */
const spread = (divisor: (count: number) => number): Gradient =>
  gradient(['x'], (dy, inputs, attrs) => {
    const { shape } = saved(inputs, 0);
    const axes = axesOf(attrs['axis'], shape.length);
    const kept = shape.map((dim, i) => (axes.includes(i) ? 1 : dim));
    const by = divisor(sizeOf(axes.map((i) => shape[i] ?? 1)));
    const spreadOut = (): tf.Tensor => tf.mul(tf.reshape(dy, kept), tf.fill(shape, 1));
    return [() => (by === 1 ? spreadOut() : tf.div(spreadOut(), by))];
  });

export const sumsGradients: Gradients = { Sum: spread(() => 1), Mean: spread((count) => count) };
