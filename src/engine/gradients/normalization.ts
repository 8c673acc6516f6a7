/**
 * The gradient of tf.batchNorm for statistics of any shape that broadcasts; TensorFlow.js's own knows those of one axis and those of x's
 * shape. Without a scale or without an offset TensorFlow.js cannot differentiate it at all: its tape trips over what was left out.
 */
import * as tf from '@tensorflow/tfjs-core';
import { gradient, saved, unbroadcast, type Gradients } from './gradient.js';

export const normalizationGradients: Gradients = {
  FusedBatchNorm: gradient(['x', 'mean', 'variance', 'scale', 'offset'], (dy, inputs, { varianceEpsilon }) => {
    const input = (n: number): tf.Tensor => saved(inputs, n);
    const centred = (): tf.Tensor => tf.sub(input(0), input(1));
    const inverse = (): tf.Tensor => tf.rsqrt(tf.add(input(2), Number(varianceEpsilon ?? 0.001)));
    const factor = (): tf.Tensor => tf.mul(input(3), inverse());
    const slopes = [
      factor,
      () => tf.neg(factor()),
      () => tf.mul(tf.mul(centred(), factor()), tf.mul(tf.square(inverse()), -0.5)),
      () => tf.mul(centred(), inverse()),
      () => tf.scalar(1),
    ];
    return slopes.map((slope, n) => () => unbroadcast(tf.mul(dy, slope()), input(n).shape));
  }),
};
