/** Gradients of kernels that move elements, and compute none. */
import * as tf from '@tensorflow/tfjs-core';
import { gradient, saved, type Gradient, type Gradients } from './gradient.js';

/** Of several results, which TensorFlow.js hands on as one where there is one only. */
const ofPieces = (name: string, join: (pieces: tf.Tensor[], axis: number) => tf.Tensor): Gradient => ({
  gradFunc: (dy, _, { axis }) => ({ [name]: () => join(Array.isArray(dy) ? dy : [dy], Number(axis)) }),
});

/** The sum of the repetitions, in one reshape and one sum. */
const untile = (dy: tf.Tensor, shape: readonly number[], reps: readonly number[]): tf.Tensor => {
  const split = shape.flatMap((dim, axis) => (reps[axis] === 1 ? [dim] : [reps[axis] ?? 1, dim]));
  const axes = shape.flatMap((_, axis) => (reps[axis] === 1 ? [] : [axis + reps.slice(0, axis).filter((times) => times !== 1).length]));
  return axes.length === 0 ? dy : tf.sum(tf.reshape(dy, split), axes);
};

/** The other way round: blocks of pixels become channels. */
const spaceToDepth = (dy: tf.Tensor, block: number): tf.Tensor => {
  const [batch = 0, height = 0, width = 0, channels = 0] = dy.shape;
  const [rows, columns] = [height / block, width / block];
  const blocks = tf.transpose(tf.reshape(dy, [batch, rows, block, columns, block, channels]), [0, 1, 3, 2, 4, 5]);
  return tf.reshape(blocks, [batch, rows, columns, block * block * channels]);
};

export const movingGradients: Gradients = {
  // TensorFlow.js fails where there is one piece only.
  SplitV: ofPieces('x', (pieces, axis) => (pieces.length === 1 && pieces[0] ? pieces[0] : tf.concat(pieces, axis))),
  Unpack: ofPieces('value', (pieces, axis) => tf.stack(pieces, axis)),
  // TensorFlow.js adds up as many slices as there are repetitions, and knows no more than four axes.
  Tile: gradient(['x'], (dy, inputs, { reps }) => [
    () => untile(dy, saved(inputs, 0).shape, Array.isArray(reps) ? reps.map(Number) : [Number(reps)]),
  ]),
  DepthToSpace: gradient(['x'], (dy, _, { blockSize }) => [() => spaceToDepth(dy, Number(blockSize))]),
  // The diagonal of dy [..., ...]: each element of x is in its row only.
  Diag: gradient(['x'], (dy, inputs) => {
    const { shape, size } = saved(inputs, 0);
    return [() => tf.reshape(tf.sum(tf.mul(tf.reshape(dy, [size, size]), tf.eye(size)), 1), shape)];
  }),
};
