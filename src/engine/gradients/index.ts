/**
 * Gradients that TensorFlow.js has none of, or has wrong. With those that are missing the gradient of a gradient exists: a penalty on a
 * critic's slope differentiates leakyRelu's gradient, which is made of a comparison, and elu's, which is a kernel of its own.
 */
import * as tf from '@tensorflow/tfjs-core';
// The Node build of tfjs-core registers no gradient at all; that of tfjs-layers brings them along, in 20 ms.
import '@tensorflow/tfjs-layers';
import { convolutionGradients } from './convolution.js';

type Gradient = Omit<tf.GradConfig, 'kernelName'>;
type Slopes = (x: tf.Tensor, y: tf.Tensor, dy: tf.Tensor) => readonly [() => tf.Tensor, () => tf.Tensor];

/** Kernels with one result, and the inputs `names`, which are handed on. */
const gradient = (
  names: readonly string[],
  of: (dy: tf.Tensor, inputs: readonly tf.Tensor[], attrs: tf.NamedAttrMap) => readonly (() => tf.Tensor)[],
): Gradient => ({
  inputsToSave: [...names],
  gradFunc: (dy, saved, attrs) => {
    if (Array.isArray(dy)) throw new Error('a gradient of one result was asked for several');
    const gradients = of(dy, saved, attrs);
    return Object.fromEntries(gradients.map((make, i) => [names[i] ?? '', make]));
  },
});

/** Steps are flat wherever they have a slope at all. */
const flat = (...names: readonly string[]): Gradient => gradient(names, (_, inputs) => inputs.map((input) => () => tf.zeros(input.shape)));

const ofPair = (a: string, b: string, slopes: Slopes): Gradient =>
  gradient([a, b], (dy, [x, y]) => {
    if (!x || !y) throw new Error(`a gradient needs its saved ${a} and ${b}`);
    return slopes(x, y, dy).map((slope, i) => () => unbroadcast(tf.mul(dy, slope()), (i === 0 ? x : y).shape));
  });

/** The sum over the axes along which an operand of this shape was broadcast. */
const unbroadcast = (value: tf.Tensor, shape: number[]): tf.Tensor => {
  const axes = tf.broadcast_util.getReductionAxes(shape, value.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(value, axes) : value, shape);
};
const mask = (condition: tf.Tensor): tf.Tensor => tf.cast(condition, 'float32');

const missing: Readonly<Record<string, Gradient>> = {
  Equal: flat('a', 'b'),
  NotEqual: flat('a', 'b'),
  Greater: flat('a', 'b'),
  GreaterEqual: flat('a', 'b'),
  Less: flat('a', 'b'),
  LessEqual: flat('a', 'b'),
  LogicalAnd: flat('a', 'b'),
  LogicalOr: flat('a', 'b'),
  LogicalXor: flat('a', 'b'),
  LogicalNot: flat('x'),
  All: flat('x'),
  Any: flat('x'),
  Sign: flat('x'),
  Step: flat('x'),
  /** EluGrad(dy, y) = dy (min(y, 0) + 1): linear in dy, and in y where y is below zero. */
  EluGrad: ofPair('dy', 'y', (dy, y) => [() => tf.add(tf.minimum(y, 0), 1), () => tf.mul(dy, mask(tf.less(y, 0)))]),
};

const axesOf = (axis: unknown, rank: number): readonly number[] => {
  if (axis === null || axis === undefined) return Array.from({ length: rank }, (_, i) => i);
  const given = Array.isArray(axis) ? axis.map(Number) : [Number(axis)];
  return given.map((i) => (i < 0 ? i + rank : i));
};

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

const wrong: Readonly<Record<string, Gradient>> = {
  // TensorFlow.js leaves these three at the broadcast shape, and then refuses them.
  Maximum: ofPair('a', 'b', (a, b) => [() => mask(tf.greaterEqual(a, b)), () => mask(tf.less(a, b))]),
  Minimum: ofPair('a', 'b', (a, b) => [() => mask(tf.lessEqual(a, b)), () => mask(tf.greater(a, b))]),
  SquaredDifference: ofPair('a', 'b', (a, b) => [() => tf.mul(tf.sub(a, b), 2), () => tf.mul(tf.sub(b, a), 2)]),
  // TensorFlow.js transposes the result for every axis but the last.
  Cumsum: gradient(['x'], (dy, _, { axis, exclusive, reverse }) => [
    () => tf.cumsum(dy, Number(axis), exclusive === true, reverse !== true),
  ]),
  // TensorFlow.js calls a method that tensors have with its union package only, and knows no axes from the end.
  Prod: gradient(['x'], (dy, [x], { axis }) => {
    if (!x) throw new Error('the gradient of a product needs its saved x');
    return [() => prodGradient(dy, x, axesOf(axis, x.rank))];
  }),
};

/** dy times a slope that is computed from x. */
const ofOne = (name: string, slope: (x: tf.Tensor) => tf.Tensor): Gradient =>
  gradient([name], (dy, [x]) => {
    if (!x) throw new Error(`a gradient needs its saved ${name}`);
    return [() => tf.mul(dy, slope(x))];
  });

/**
 * TensorFlow.js writes these with the result y, of which it saves a copy that its tape does not connect with x: their second derivatives
 * come out wrong without a word, that of exp as zero. The onnx engine merges what is computed again here with what was computed forward.
 */
const unconnected: Readonly<Record<string, Gradient>> = {
  Exp: ofOne('x', (x) => tf.exp(x)),
  Tanh: ofOne('x', (x) => tf.sub(1, tf.square(tf.tanh(x)))),
  Sigmoid: ofOne('x', (x) => {
    const y = tf.sigmoid(x);
    return tf.mul(y, tf.sub(1, y));
  }),
  Elu: gradient(['x'], (dy, [x]) => {
    if (!x) throw new Error('the gradient of elu needs its saved x');
    return [() => tf.engine().runKernel('EluGrad', { dy, y: tf.elu(x) })];
  }),
  Softmax: gradient(['logits'], (dy, [logits]) => {
    if (!logits) throw new Error('the gradient of a softmax needs its saved logits');
    return [
      () => {
        const y = tf.softmax(logits);
        const product = tf.mul(dy, y);
        return tf.sub(product, tf.mul(tf.sum(product, -1, true), y));
      },
    ];
  }),
  Pow: ofPair('a', 'b', (a, b) => [
    () => tf.mul(b, tf.pow(a, tf.sub(b, 1))),
    () => tf.mul(tf.pow(a, b), tf.where(tf.greater(a, 0), tf.log(a), tf.zerosLike(a))),
  ]),
};

let areRegistered = false;

/** Registers what is missing or wrong, for every engine. May be called any number of times. */
export const registerMissingGradients = (): void => {
  if (areRegistered) return;
  areRegistered = true;
  for (const [kernelName, gradient] of Object.entries({ ...wrong, ...unconnected, ...convolutionGradients }))
    tf.registerGradient({ kernelName, ...gradient });
  for (const [kernelName, gradient] of Object.entries(missing)) {
    // getGradient is declared to find one always.
    const known: unknown = tf.getGradient(kernelName);
    if (!known) tf.registerGradient({ kernelName, ...gradient });
  }
};
