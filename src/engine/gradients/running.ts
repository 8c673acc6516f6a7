/** Gradients of running sums and products. */
import * as tf from '@tensorflow/tfjs-core';
import { axesOf, axisOf, gradient, saved, sizeOf, type Gradients } from './gradient.js';

/** dy times the product of all others: of those before and those after. */
const prodGradient = (dy: tf.Tensor, x: tf.Tensor, axes: readonly number[]): tf.Tensor => {
  const others = x.shape.flatMap((_, i) => (axes.includes(i) ? [] : [i]));
  const perm = [...others, ...axes];
  const rows = others.map((i) => x.shape[i] ?? 1);
  const moved = tf.transpose(x, perm);
  const flattened = tf.reshape(moved, [...rows, axes.reduce((size, i) => size * (x.shape[i] ?? 1), 1)]);
  const before = tf.cumprod(flattened, others.length, true);
  const after = tf.cumprod(flattened, others.length, true, true);
  const product = tf.mul(tf.reshape(dy, [...rows, 1]), tf.mul(before, after));
  const back = perm.map((_, i) => perm.indexOf(i));
  return tf.transpose(tf.reshape(product, moved.shape), back);
};

/** Rows [R, N, I] that are `distance` places nearer to the front along the middle axis, `fill` in the places that they leave. */
const shift = (x: tf.Tensor, distance: number, fill: number): tf.Tensor => {
  const [rows = 0, size = 0, inner = 0] = x.shape;
  const kept = Math.max(0, size - distance);
  const filled = tf.fill([rows, size - kept, inner], fill);
  return kept === 0 ? filled : tf.concat([tf.slice(x, [0, distance, 0], [rows, kept, inner]), filled], 1);
};

/**
 * Of y_j = x_0 ... x_j by x_i: (x_0 ... x_{i-1}) r_i, r_i = Σ_{j ≥ i} dy_j (x_{i+1} ... x_j) = dy_i + x_{i+1} r_{i+1}. The recurrence is
 * solved by doubling (Hillis and Steele 1986), so that zeros among x divide nothing.
 */
const runningProduct = (dy: tf.Tensor, x: tf.Tensor): tf.Tensor => {
  let sums = dy;
  let factors = shift(x, 1, 0);
  for (let distance = 1; distance < (x.shape[1] ?? 0); distance *= 2) {
    sums = tf.add(sums, tf.mul(factors, shift(sums, distance, 0)));
    factors = tf.mul(factors, shift(factors, distance, 0));
  }
  return tf.mul(tf.cumprod(x, 1, true), sums);
};

const cumprodGradient = (dy: tf.Tensor, x: tf.Tensor, attrs: tf.NamedAttrMap): tf.Tensor => {
  const axis = axisOf(attrs['axis'], x.rank);
  const shape = [sizeOf(x.shape.slice(0, axis)), x.shape[axis] ?? 1, sizeOf(x.shape.slice(axis + 1))];
  const turn = (value: tf.Tensor): tf.Tensor => (attrs['reverse'] === true ? tf.reverse(value, 1) : value);
  const [slopes, factors] = [turn(tf.reshape(dy, shape)), turn(tf.reshape(x, shape))];
  if (attrs['exclusive'] !== true) return tf.reshape(turn(runningProduct(slopes, factors)), x.shape);
  // Without its own element each product is the next one's: the first is 1, and the last element is in none.
  const [rows = 0, size = 0, inner = 0] = shape;
  if (size < 2) return tf.zeros(x.shape);
  const part = (value: tf.Tensor, start: number): tf.Tensor => tf.slice(value, [0, start, 0], [rows, size - 1, inner]);
  const rest = runningProduct(part(slopes, 1), part(factors, 0));
  return tf.reshape(turn(tf.concat([rest, tf.zeros([rows, 1, inner])], 1)), x.shape);
};

export const runningGradients: Gradients = {
  // TensorFlow.js transposes the result for every axis but the last.
  Cumsum: gradient(['x'], (dy, _, { axis, exclusive, reverse }) => [
    () => tf.cumsum(dy, Number(axis), exclusive === true, reverse !== true),
  ]),
  Cumprod: gradient(['x'], (dy, inputs, attrs) => [() => cumprodGradient(dy, saved(inputs, 0), attrs)]),
  // TensorFlow.js calls a method that tensors have with its union package only, and knows no axes from the end.
  Prod: gradient(['x'], (dy, inputs, { axis }) => [() => prodGradient(dy, saved(inputs, 0), axesOf(axis, saved(inputs, 0).rank))]),
};
