/** Penalties on a discriminator's slope with respect to what it is shown. Shapes: B batch. */
import * as tf from '@tensorflow/tfjs-core';
import type { LossTerm, Offers } from '../../registry/contracts/index.js';

/** |d D(x) / d x|^2 for each example, [B]; examples do not see each other, so the gradient of the sum is that of each. */
export const squaredSlopes = (discriminate: Offers['discriminate'], x: tf.Tensor): tf.Tensor => {
  const slope = tf.grad((examples: tf.Tensor) => tf.sum(discriminate(examples).logits))(x);
  return tf.sum(tf.reshape(tf.square(slope), [x.shape[0], -1]), 1);
};

/** The square root has an infinite slope at zero; this keeps its gradient finite and changes no norm above 1e-4. */
const floor = 1e-12;

/** |d D(x) / d x| for each example, [B], with a finite gradient where it is zero. */
export const slopeNorms = (discriminate: Offers['discriminate'], x: tf.Tensor): tf.Tensor =>
  tf.sqrt(tf.add(squaredSlopes(discriminate, x), floor));

/** One number for each example, shaped to multiply [B, ...]. */
export const perExampleShape = (x: tf.Tensor): readonly number[] => x.shape.map((dim, axis) => (axis === 0 ? dim : 1));

/** A penalty that the discriminator alone pays. */
export const penalty = (needs: LossTerm['needs'], compute: LossTerm['compute']): LossTerm => ({
  players: ['discriminator'],
  needs,
  sign: 'non-negative',
  compute,
});
