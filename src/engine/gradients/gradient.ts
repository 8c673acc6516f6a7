/** What the gradients of kernels are made of. */
import * as tf from '@tensorflow/tfjs-core';

export type Gradient = Omit<tf.GradConfig, 'kernelName'>;
/** Gradients by the name of the kernel. */
export type Gradients = Readonly<Record<string, Gradient>>;

/** The inputs of a kernel that are handed on, and then the one result that is. */
type Saved = readonly tf.Tensor[];
type Thunks = readonly (() => tf.Tensor)[];

/** The n-th of the saved tensors. */
export const saved = (tensors: Saved, n: number): tf.Tensor => {
  const tensor = tensors[n];
  if (!tensor) throw new Error(`a gradient was called without its saved tensor ${String(n)}`);
  return tensor;
};

/** Of a kernel with one result and the inputs `names`, which are saved; `of` gives as many gradients. */
export const gradient = (names: readonly string[], of: (dy: tf.Tensor, inputs: Saved, attrs: tf.NamedAttrMap) => Thunks): Gradient => ({
  inputsToSave: [...names],
  gradFunc: (dy, tensors, attrs) => {
    if (Array.isArray(dy)) throw new Error('a gradient of one result was asked for several');
    return Object.fromEntries(of(dy, tensors, attrs).map((make, i) => [names[i] ?? '', make]));
  },
});

/** Of a function of two broadcast inputs whose two slopes are computed from them. */
export const ofPair = (
  a: string,
  b: string,
  slopes: (x: tf.Tensor, y: tf.Tensor, dy: tf.Tensor) => readonly [() => tf.Tensor, () => tf.Tensor],
): Gradient =>
  gradient([a, b], (dy, inputs) => {
    const [x, y] = [saved(inputs, 0), saved(inputs, 1)];
    return slopes(x, y, dy).map((slope, i) => () => unbroadcast(tf.mul(dy, slope()), (i === 0 ? x : y).shape));
  });

/** Steps are flat wherever they have a slope at all. */
export const flat = (...names: readonly string[]): Gradient =>
  gradient(names, (_, inputs) => inputs.map((input) => () => tf.fill(input.shape, 0)));

/** The sum over the axes along which an operand of this shape was broadcast. */
export const unbroadcast = (value: tf.Tensor, shape: number[]): tf.Tensor => {
  const axes = tf.broadcast_util.getReductionAxes(shape, value.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(value, axes) : value, shape);
};

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);
/** An axis counted from the front. */
export const axisOf = (axis: unknown, rank: number): number => (Number(axis) < 0 ? Number(axis) + rank : Number(axis));
/** Axes counted from the front; all of them where none is named. */
export const axesOf = (axis: unknown, rank: number): readonly number[] => {
  if (axis === null || axis === undefined) return Array.from({ length: rank }, (_, i) => i);
  return (Array.isArray(axis) ? axis : [axis]).map((one) => axisOf(one, rank));
};
