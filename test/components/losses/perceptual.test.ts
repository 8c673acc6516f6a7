/** Reconstructions as a classifier sees them. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Classify } from '../../../src/registry/contracts/index.js';
import { expectGradient } from '../../support/finite-differences.js';
import { useCpuBackend, valueOf } from '../../support/pass.js';
import { partOf } from './parts.js';

useCpuBackend();

/** Features (a + b, a b) of an image of the two pixels a and b. */
const features = (x: tf.Tensor): tf.Tensor => {
  const flat = tf.reshape(x, [-1, 2]);
  return tf.stack([tf.sum(flat, 1), tf.prod(flat, 1)], 1);
};
const classify: Classify = Object.assign(features, { features });
const loss = (x: tf.Tensor, mean: tf.Tensor): tf.Tensor =>
  partOf('perceptual', 'encoder', { x, likelihood: { mean, logProb: () => tf.zeros([1]), sample: () => mean }, classify });

describe('perceptual', () => {
  it('is half the squared distance of features, averaged over samples and examples, by hand', () => {
    const x = tf.tensor([1, 2, 0, 1], [2, 1, 2, 1]);
    // Features (3, 2) and (1, 0); those of the reconstructions are (2, 1), (1, 0) and (3, 2), (5, 6).
    const mean = tf.tensor([1, 1, 0, 1, 2, 1, 2, 3], [2, 2, 1, 2, 1]);
    expect(valueOf(loss(x, mean))).toBeCloseTo((0.5 * (1 + 1 + 0 + 0 + 0 + 0 + 16 + 36)) / 4, 6);
  });

  it('forgives what the classifier does not see, and nothing is lost on an equal image', () => {
    const x = tf.tensor([1, 2], [1, 1, 2, 1]);
    expect(valueOf(loss(x, tf.tensor([2, 1], [1, 1, 1, 2, 1])))).toBe(0);
    expect(valueOf(loss(x, tf.reshape(x, [1, 1, 1, 2, 1])))).toBe(0);
  });

  it('has the gradients of its values', () => {
    const x = tf.tensor([0.3, 0.8, 0.1, 0.5], [2, 1, 2, 1]);
    expectGradient((mean) => loss(x, tf.reshape(mean, [1, 2, 1, 2, 1])), [0.2, 0.6, 0.7, 0.4]);
  });
});
