/** Arithmetic of two operands, element by element, with broadcasting. */
import type { Graph } from '../graph.js';
import type { Kernel } from '../kernel.js';
import { broadcastShapes, type ElementType, type Value } from '../values.js';
import { numberAttr, operand, operands } from './operand.js';
import { countable, fillOf, through, where } from './types.js';

type Compute = (g: Graph, a: Value, b: Value) => Value;

/** A kernel whose result has the type of its operands; bool is computed as int32. */
const binary =
  (compute: Compute): Kernel =>
  (g, inputs) => {
    const a = operand(inputs, 'a');
    const b = operand(inputs, 'b');
    return g.cast(compute(g, countable(g, a), countable(g, b)), a.dtype);
  };
const elementwise =
  (opType: string): Compute =>
  (g, a, b) =>
    g.elementwise(opType, [a, b]);

export const Add: Kernel = binary(elementwise('Add'));
export const Sub: Kernel = binary(elementwise('Sub'));
export const Maximum: Kernel = binary(elementwise('Max'));
export const Minimum: Kernel = binary(elementwise('Min'));
export const BitwiseAnd: Kernel = binary(elementwise('BitwiseAnd'));

/**
 * A factor that is zero everywhere makes a product of zeros, even with NaN and infinities: such factors come from gradients that are
 * zero by definition, and everything behind them need not be computed.
 */
export const Multiply: Kernel = binary((g, a, b) => {
  if (fillOf(a) === 0 || fillOf(b) === 0) return g.uniform(0, broadcastShapes(a.shape, b.shape), a.dtype);
  return g.elementwise('Mul', [a, b]);
});

export const AddN: Kernel = (g, inputs) => {
  const [first, ...rest] = operands(inputs);
  if (!first) throw new Error('AddN needs at least one operand');
  return g.cast(
    rest.reduce((sum, term) => g.elementwise('Add', [sum, countable(g, term)]), countable(g, first)),
    first.dtype,
  );
};

export const SquaredDifference: Kernel = binary((g, a, b) => {
  const difference = g.elementwise('Sub', [a, b]);
  return g.elementwise('Mul', [difference, difference]);
});

/** Always computed in float32: an integer division by zero would end the process. */
export const RealDiv: Kernel = (g, inputs) => {
  const a = operand(inputs, 'a');
  return through(g, 'float32', a.dtype, [a, operand(inputs, 'b')], (x = a, y = a) => g.elementwise('Div', [x, y]));
};

export const FloorDiv: Kernel = (g, inputs) => {
  const a = operand(inputs, 'a');
  const b = operand(inputs, 'b');
  if (a.dtype === 'float32') return g.cast(g.elementwise('Floor', [g.elementwise('Div', [a, b])]), 'int32');
  return divideIntegers(g, a, b, 'int32', (x, y) => g.elementwise('Div', [g.elementwise('Sub', [x, g.elementwise('Mod', [x, y])]), y]));
};

/** The remainder has the sign of the divisor. */
export const Mod: Kernel = (g, inputs) => {
  const a = operand(inputs, 'a');
  const b = operand(inputs, 'b');
  if (a.dtype !== 'float32') return divideIntegers(g, a, b, a.dtype, (x, y) => g.elementwise('Mod', [x, y]));
  // ONNX's Mod knows floats with the sign of the dividend only.
  const remainder = (x: Value, y: Value): Value => g.elementwise('Mod', [x, y], 'float32', { fmod: 1 });
  const zero = g.scalar(0);
  const isNegative = (x: Value): Value => g.elementwise('Less', [x, zero], 'bool');
  const plain = remainder(a, b);
  return where(g, g.elementwise('Equal', [isNegative(a), isNegative(b)], 'bool'), plain, remainder(g.elementwise('Add', [plain, b]), b));
};

/**
 * Integer division of any kind; by zero it gives zero, as TensorFlow.js has it. In int64, since both a division by zero and the one
 * quotient that int32 cannot hold end the process.
 */
const divideIntegers = (g: Graph, a: Value, b: Value, result: ElementType, divide: (a: Value, b: Value) => Value): Value => {
  const zero = g.scalar(0, 'int64');
  const divisor = g.cast(b, 'int64');
  const isZero = g.elementwise('Equal', [divisor, zero], 'bool');
  const quotient = divide(g.cast(a, 'int64'), where(g, isZero, g.scalar(1, 'int64'), divisor));
  return g.cast(where(g, isZero, zero, quotient), result);
};

/** Exponents that need no power function; onnxruntime's costs some fifty times a product. */
const powers: Readonly<Record<string, (g: Graph, base: Value) => Value>> = {
  '-1': (g, base) => g.elementwise('Reciprocal', [base]),
  '-0.5': (g, base) => g.elementwise('Reciprocal', [g.elementwise('Sqrt', [base])]),
  '0.5': (g, base) => g.elementwise('Sqrt', [base]),
  '1': (_, base) => base,
  '2': (g, base) => g.elementwise('Mul', [base, base]),
  '3': (g, base) => g.elementwise('Mul', [g.elementwise('Mul', [base, base]), base]),
};

export const Pow: Kernel = binary((g, base, exponent) => {
  const shape = broadcastShapes(base.shape, exponent.shape);
  const known = fillOf(exponent);
  const power = known === undefined || (base.dtype !== 'float32' && known < 1) ? undefined : powers[String(known)];
  if (known === 0) return g.uniform(1, shape, base.dtype);
  return g.expand(power ? power(g, base) : g.elementwise('Pow', [base, exponent]), shape);
});

/** The angle of the point (b, a). ONNX has no such operator; the quotient of the smaller by the larger side keeps it finite. */
export const Atan2: Kernel = (g, inputs) => {
  const inputA = operand(inputs, 'a');
  return through(g, 'float32', inputA.dtype, [inputA, operand(inputs, 'b')], (a = inputA, b = inputA) => {
    const zero = g.scalar(0);
    const less = (x: Value, y: Value): Value => g.elementwise('Less', [x, y], 'bool');
    const equal = (x: Value, y: Value): Value => g.elementwise('Equal', [x, y], 'bool');
    // The reciprocal tells -0 from 0.
    const isNegative = (x: Value): Value => g.elementwise('Or', [less(x, zero), less(g.elementwise('Reciprocal', [x]), zero)], 'bool');
    const sizeA = g.elementwise('Abs', [a]);
    const sizeB = g.elementwise('Abs', [b]);
    const larger = g.elementwise('Max', [sizeA, sizeB]);
    const smaller = g.elementwise('Min', [sizeA, sizeB]);
    const quotient = where(
      g,
      equal(larger, zero),
      zero,
      where(g, equal(smaller, larger), g.scalar(1), g.elementwise('Div', [smaller, larger])),
    );
    const octant = g.elementwise('Atan', [quotient]);
    const quadrant = where(g, less(sizeB, sizeA), g.elementwise('Sub', [g.scalar(Math.PI / 2), octant]), octant);
    const half = where(g, isNegative(b), g.elementwise('Sub', [g.scalar(Math.PI), quadrant]), quadrant);
    return where(g, isNegative(a), g.elementwise('Neg', [half]), half);
  });
};

export const ClipByValue: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'x');
  const value = countable(g, x);
  const bound = (name: string): Value => {
    const number = numberAttr(attrs, name);
    return g.scalar(value.dtype === 'float32' ? Math.fround(number) : Math.trunc(number), value.dtype);
  };
  return g.cast(g.elementwise('Clip', [value, bound('clipValueMin'), bound('clipValueMax')]), x.dtype);
};
