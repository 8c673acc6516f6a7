/** Shapes: how many values they hold, and the data's axes of a tensor as one. */
import * as tf from '@tensorflow/tfjs-core';
import type { Shape } from '../../registry/contracts/index.js';

/** 1 for a scalar. */
export const numValues = (shape: Shape): number => shape.reduce((product, dim) => product * dim, 1);

/** [..., ...shape] as [..., D]: reductions and broadcasts over the data then have one axis to care for. */
export const flattenData = (x: tf.Tensor, shape: Shape): tf.Tensor => {
  const leading = x.shape.slice(0, x.rank - shape.length);
  return tf.reshape(x, [...leading, numValues(shape)]);
};

/** [N, ...shape] as [N, D]. */
export const flattenExamples = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [x.shape[0], numValues(x.shape.slice(1))]);
