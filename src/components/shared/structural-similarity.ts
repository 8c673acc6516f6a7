/**
 * Structural similarity of images with values from 0 to 1, with a Gaussian window.
 * Source: Wang, Bovik, Sheikh & Simoncelli 2004, equation 13. Shapes: N images, H, W, C.
 */
import * as tf from '@tensorflow/tfjs-core';

const [c1, c2] = [0.01 ** 2, 0.03 ** 2];
const deviation = 1.5;

const gaussianWindow = (size: number): tf.Tensor4D => {
  const weights = Array.from({ length: size }, (_, i) => Math.exp(-((i - (size - 1) / 2) ** 2) / (2 * deviation ** 2)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return tf.tensor4d(
    weights.flatMap((row) => weights.map((column) => (row * column) / total ** 2)),
    [size, size, 1, 1],
  );
};

/** Each channel as an image of its own: [N, H, W, C] to [N C, H, W, 1]. */
const separate = (images: tf.Tensor): tf.Tensor4D => {
  const [count = 1, height = 1, width = 1, channels = 1] = images.shape;
  const apart = channels === 1 ? images : tf.transpose(images, [0, 3, 1, 2]);
  return tf.reshape(apart, [count * channels, height, width, 1]);
};

/** The mean over places and images: a scalar. */
export const structuralSimilarity = (x_NHWC: tf.Tensor, y_NHWC: tf.Tensor, size: number): tf.Tensor => {
  const window = gaussianWindow(size);
  const blur = (images: tf.Tensor4D): tf.Tensor4D => tf.conv2d(images, window, 1, 'valid');
  const [x, y] = [separate(x_NHWC), separate(y_NHWC)];
  const [meanX, meanY] = [blur(x), blur(y)];
  const product = tf.mul(meanX, meanY);
  const squares = tf.add(tf.square(meanX), tf.square(meanY));
  const variances = tf.sub(blur(tf.add(tf.square(x), tf.square(y))), squares);
  const covariance = tf.sub(blur(tf.mul(x, y)), product);
  const above = tf.mul(tf.add(tf.mul(product, 2), c1), tf.add(tf.mul(covariance, 2), c2));
  return tf.mean(tf.div(above, tf.mul(tf.add(squares, c1), tf.add(variances, c2))));
};
