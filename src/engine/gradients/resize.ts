/**
 * Gradients of resized images. Resizing is a product with a matrix for each side, and its gradient one with their transposes, on which
 * TensorFlow.js's gradient kernels need not be asked: those of the cpu backend overlook `halfPixelCenters`, and none has a gradient.
 */
import * as tf from '@tensorflow/tfjs-core';
import { matrixOf, sharesOf, type Method, type ResizeOptions } from '../onnx/ops/resize-geometry.js';
import { gradient, saved, type Gradient, type Gradients } from './gradient.js';

const optionsOf = ({ alignCorners, halfPixelCenters }: tf.NamedAttrMap): ResizeOptions => ({
  alignCorners: alignCorners === true,
  halfPixelCenters: halfPixelCenters === true,
});

/** dy [N, R, C, D] by the image [N, H, W, D] with one matrix for its rows and one for its columns. */
const backwards = (method: Method, dy: tf.Tensor, image: readonly number[], options: ResizeOptions): tf.Tensor => {
  const [batch = 0, rows = 0, columns = 0, channels = 0] = dy.shape;
  const [, height = 0, width = 0] = image;
  const matrix = (input: number, output: number): tf.Tensor =>
    tf.tensor(matrixOf(sharesOf(method, input, output, options), input), [1, output, input]);
  const tall = tf.matMul(matrix(height, rows), tf.reshape(dy, [batch, rows, columns * channels]), true);
  const wide = tf.matMul(matrix(width, columns), tf.reshape(tall, [batch * height, columns, channels]), true);
  return tf.reshape(wide, [batch, height, width, channels]);
};

/** Where each pixel became a block, sums of blocks: 11 ms instead of 13 for 64 x 28 x 28 x 128, and 24 instead of 56 for 64 x 64 x 64 x 64. */
const sumOfBlocks = (dy: tf.Tensor, image: readonly number[]): tf.Tensor | null => {
  const [batch = 0, rows = 0, columns = 0, channels = 0] = dy.shape;
  const [, height = 0, width = 0] = image;
  const [down, across] = [rows / height, columns / width];
  if (!Number.isInteger(down) || !Number.isInteger(across)) return null;
  return tf.sum(tf.reshape(dy, [batch, height, down, width, across, channels]), [2, 4]);
};

const resized = (method: Method): Gradient =>
  gradient(['images'], (dy, inputs, attrs) => {
    const { shape } = saved(inputs, 0);
    const options = optionsOf(attrs);
    return [
      () => {
        const blocks = method === 'nearest' && !options.alignCorners ? sumOfBlocks(dy, shape) : null;
        return blocks ?? backwards(method, dy, shape, options);
      },
    ];
  });

export const resizeGradients: Gradients = {
  ResizeNearestNeighbor: resized('nearest'),
  ResizeBilinear: resized('bilinear'),
};
