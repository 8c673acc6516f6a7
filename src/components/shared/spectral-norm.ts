/**
 * Kernels divided by their largest singular value, found by one power iteration in each training step.
 * Source: Miyato et al. 2018, "Spectral normalization for generative adversarial networks", algorithm 1.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Pass, Scope } from '../../registry/contracts/index.js';
import type { Param } from '../../registry/params.js';
import { stopGradient } from './stop-gradient.js';

export const spectralNormParam = {
  type: 'boolean',
  default: false,
  description: 'Whether kernels are divided by their largest singular value, which bounds the slope of each layer (Miyato et al. 2018).',
} as const satisfies Param;

const toUnit = (v: tf.Tensor): tf.Tensor => tf.div(v, tf.sqrt(tf.add(tf.sum(tf.square(v)), 1e-12)));

/** W / sigma(W) of a kernel [..., inputs, outputs], read as a matrix of `outputs` columns; once per pass. */
export const createSpectralNorm = (scope: Scope, kernel: tf.Variable): ((pass: Pass) => tf.Tensor) => {
  const outputs = kernel.shape.at(-1) ?? 1;
  const direction = scope.state('singular-vector', [1, outputs], (out, _, draws) => {
    draws.normal(out);
  });
  return (pass) =>
    pass.once(kernel, () => {
      const matrix = tf.reshape(kernel, [-1, outputs]);
      const fixed = stopGradient(matrix);
      const left = toUnit(tf.matMul(direction, fixed, false, true));
      const right = toUnit(tf.matMul(left, fixed));
      pass.remember(direction, () => tf.clone(right));
      const sigma = tf.matMul(tf.matMul(left, matrix), right, false, true);
      return tf.div(kernel, tf.reshape(sigma, []));
    });
};
