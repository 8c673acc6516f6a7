/** Activations. Timings are net, for 128 x 784 elements on one thread; errors are relative, over all magnitudes. */
import type { Graph } from '../graph.js';
import type { Kernel } from '../kernel.js';
import type { Value } from '../values.js';
import { expm1 } from './formulas.js';
import { numberAttr, operand } from './operand.js';
import { countable, through } from './types.js';

const real =
  (compute: (g: Graph, x: Value) => Value): Kernel =>
  (g, inputs) => {
    const x = operand(inputs, 'x');
    return through(g, 'float32', x.dtype, [x], (value = x) => compute(g, value));
  };

export const Relu: Kernel = (g, inputs) => {
  const x = operand(inputs, 'x');
  return x.dtype === 'bool' ? x : g.elementwise('Relu', [x]);
};

export const Relu6: Kernel = (g, inputs) => {
  const x = operand(inputs, 'x');
  const value = countable(g, x);
  return g.cast(g.elementwise('Clip', [value, g.scalar(0, value.dtype), g.scalar(6, value.dtype)]), x.dtype);
};

/** The result is float32 for every type. */
export const LeakyRelu: Kernel = (g, inputs, attrs) =>
  g.elementwise('LeakyRelu', [g.cast(operand(inputs, 'x'), 'float32')], 'float32', { alpha: { float: numberAttr(attrs, 'alpha') } });

/** x < 0 ? alpha x : x, with a slope for each element; the result is float32. */
export const Prelu: Kernel = (g, inputs) => {
  const x = g.cast(operand(inputs, 'x'), 'float32');
  const alpha = g.cast(operand(inputs, 'alpha'), 'float32');
  return g.elementwise('Where', [g.elementwise('Less', [x, g.scalar(0)], 'bool'), g.elementwise('Mul', [alpha, x]), x], 'float32');
};

const negativePart = (g: Graph, x: Value): Value => g.elementwise('Min', [x, g.scalar(0)]);

/** max(x, 0) + expm1(min(x, 0)). 150 µs and 3e-7, where ONNX's Elu takes 163 and has no digit left at -1e-8. */
export const Elu: Kernel = real((g, x) => g.elementwise('Add', [g.elementwise('Relu', [x]), expm1(g, negativePart(g, x))]));

/** Gradient of Elu by its result y: dy (min(y, 0) + 1). */
export const EluGrad: Kernel = (g, inputs) => {
  const slope = g.elementwise('Add', [negativePart(g, operand(inputs, 'y')), g.scalar(1)]);
  return g.elementwise('Mul', [operand(inputs, 'dy'), slope]);
};

/** Klambauer et al. 2017. */
const seluScale = 1.0507009873554805;
const seluScaleAlpha = 1.7580993408473768;
export const Selu: Kernel = real((g, x) => {
  const positive = g.elementwise('Mul', [g.elementwise('Relu', [x]), g.scalar(Math.fround(seluScale))]);
  return g.elementwise('Add', [positive, g.elementwise('Mul', [expm1(g, negativePart(g, x)), g.scalar(Math.fround(seluScaleAlpha))])]);
});

/** 64 µs and 2e-7. ONNX's Sigmoid takes 31, and is wrong by 2 % at -13 and by a factor of five at -18. */
export const Sigmoid: Kernel = real((g, x) => {
  const odds = g.elementwise('Exp', [g.elementwise('Neg', [x])]);
  return g.elementwise('Reciprocal', [g.elementwise('Add', [odds, g.scalar(1)])]);
});

/**
 * max(x, 0) + log1p(e), e = exp(-|x|): 274 µs and 2.6e-7, where ONNX's Softplus takes 1120. The logarithm is 2 atanh(e / (2 + e)), written
 * r q(r²) with r = 2e / (2 + e); q is a polynomial fitted for the smallest relative error on [0, 4/9], 4.5e-9, and q(0) = 1 so that
 * softplus(x) is exp(x) far below zero.
 */
export const Softplus: Kernel = real((g, x) => {
  const e = g.elementwise('Exp', [g.elementwise('Neg', [g.elementwise('Abs', [x])])]);
  const r = g.elementwise('Div', [g.elementwise('Add', [e, e]), g.elementwise('Add', [e, g.scalar(2)])]);
  const square = g.elementwise('Mul', [r, r]);
  const q = log1pCoefficients.reduceRight((sum: Value | null, coefficient) => {
    const constant = g.scalar(Math.fround(coefficient));
    return sum ? g.elementwise('Add', [g.elementwise('Mul', [sum, square]), constant]) : constant;
  }, null);
  return g.elementwise('Add', [g.elementwise('Relu', [x]), q ? g.elementwise('Mul', [r, q]) : r]);
});
const log1pCoefficients = [1, 0.08333302035467738, 0.01250672730107611, 0.002187640862198162, 0.0005471093505364687] as const;

/** Over the last axis, the only one that TensorFlow.js allows. */
export const Softmax: Kernel = (g, inputs) => overLastAxis(g, 'Softmax', operand(inputs, 'logits'));
export const LogSoftmax: Kernel = (g, inputs) => overLastAxis(g, 'LogSoftmax', operand(inputs, 'logits'));

const overLastAxis = (g: Graph, opType: string, logits: Value): Value => {
  const { shape } = logits;
  if (shape.includes(0)) return g.uniform(0, shape, logits.dtype);
  return through(g, 'float32', logits.dtype, [logits], (x = logits) => {
    // ONNX has no axis for a number, which is its own distribution.
    const rows = shape.length === 0 ? g.reshape(x, [1]) : x;
    return g.reshape(g.node(opType, [rows], { axis: -1 }, { shape: rows.shape, dtype: 'float32' }), shape);
  });
};
