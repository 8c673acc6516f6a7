/** Arithmetic on numbers that are known while recording, rounded as the compiled step would round them. */
import type { ElementType } from './values.js';

/** null: not known while recording. */
type Evaluator = (dtype: ElementType, ...operands: readonly number[]) => number | null;

const round = (dtype: ElementType, value: number): number | null => {
  // A uniform value is known by its text, which hides the sign of a zero: 1 / -0 is left to the runtime.
  if (Object.is(value, -0)) return dtype === 'float32' ? null : 0;
  if (dtype === 'float32') return Math.fround(value);
  if (dtype === 'bool') return Number(value !== 0);
  return Number.isSafeInteger(Math.trunc(value)) ? (dtype === 'int32' ? value | 0 : Math.trunc(value)) : null;
};
const unary =
  (f: (x: number) => number): Evaluator =>
  (dtype, x = NaN) =>
    round(dtype, f(x));
const binary =
  (f: (a: number, b: number) => number): Evaluator =>
  (dtype, a = NaN, b = NaN) =>
    round(dtype, f(a, b));

/** The nearest integer, halves to the even one, as IEEE 754 rounds. */
export const roundHalfEven = (x: number): number => {
  const below = Math.floor(x);
  const rest = x - below;
  return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
};

/** Of one, and of minus one to an infinity, JavaScript makes NaN where IEEE 754 has one. */
const power = (base: number, exponent: number): number =>
  base === 1 || (base === -1 && Math.abs(exponent) === Infinity) ? 1 : Math.pow(base, exponent);

/** ONNX operators that are folded when all operands are one known number. */
export const evaluators: Readonly<Record<string, Evaluator | undefined>> = {
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  // An integer division by zero is the runtime's to answer.
  Div: (dtype, a = NaN, b = NaN) => (dtype === 'float32' || b !== 0 ? round(dtype, a / b) : null),
  Pow: binary(power),
  Max: binary(Math.max),
  Min: binary(Math.min),
  Clip: (dtype, x = NaN, low = NaN, high = NaN) => round(dtype, Math.min(Math.max(x, low), high)),
  Where: (dtype, condition = NaN, a = NaN, b = NaN) => round(dtype, condition !== 0 ? a : b),

  Neg: unary((x) => -x),
  Abs: unary(Math.abs),
  Sign: unary(Math.sign),
  Floor: unary(Math.floor),
  Ceil: unary(Math.ceil),
  Round: unary(roundHalfEven),
  Relu: unary((x) => Math.max(x, 0)),
  Reciprocal: unary((x) => 1 / x),
  Sqrt: unary(Math.sqrt),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Sin: unary(Math.sin),
  Cos: unary(Math.cos),
  Tan: unary(Math.tan),
  Asin: unary(Math.asin),
  Acos: unary(Math.acos),
  Atan: unary(Math.atan),
  Sinh: unary(Math.sinh),
  Cosh: unary(Math.cosh),
  Tanh: unary(Math.tanh),
  Asinh: unary(Math.asinh),
  Acosh: unary(Math.acosh),
  Atanh: unary(Math.atanh),

  Greater: binary((a, b) => Number(a > b)),
  Less: binary((a, b) => Number(a < b)),
  GreaterOrEqual: binary((a, b) => Number(a >= b)),
  LessOrEqual: binary((a, b) => Number(a <= b)),
  Equal: binary((a, b) => Number(a === b)),
  IsNaN: unary((x) => Number(Number.isNaN(x))),
  IsInf: unary((x) => Number(Math.abs(x) === Infinity)),
  Not: unary((x) => Number(x === 0)),
  And: binary((a, b) => Number(a !== 0 && b !== 0)),
  Or: binary((a, b) => Number(a !== 0 || b !== 0)),
  Xor: binary((a, b) => Number((a !== 0) !== (b !== 0))),
};

/** Operand that leaves the other one as it is: x + 0, x - 0, x * 1, x / 1, and 0 + x, 1 * x. */
export const isNeutral = (opType: string, side: 'left' | 'right', fill: number | undefined): boolean => {
  if (fill === undefined) return false;
  if (opType === 'Add') return fill === 0;
  if (opType === 'Mul') return fill === 1;
  return side === 'right' && ((opType === 'Sub' && fill === 0) || (opType === 'Div' && fill === 1));
};
