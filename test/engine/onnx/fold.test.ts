import { InferenceSession, type Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { evaluators, isNeutral, roundHalfEven } from '../../../src/engine/onnx/fold.js';
import { Graph } from '../../../src/engine/onnx/graph.js';
import { serializeGraph } from '../../../src/engine/onnx/serialize.js';
import type { ElementType, HostArray } from '../../../src/engine/onnx/values.js';

const floats = [-Infinity, -88, -3.5, -2.5, -1, -0.5, -1e-30, 0, 1e-30, 0.3, 0.5, 1, 1.5, 2.5, 7, 1e20, 3e38, Infinity, NaN];
const floatUnary = 'Neg Abs Sign Floor Ceil Round Relu Reciprocal Sqrt Exp Log Atan Tanh Asinh Sinh Cosh Asin Acos Acosh Atanh'.split(' ');
const floatBinary = 'Add Sub Mul Div Pow Max Min'.split(' ');
const comparisons = 'Greater Less GreaterOrEqual LessOrEqual Equal'.split(' ');
const bools = 'And Or Xor'.split(' ');

/** What onnxruntime makes of every combination of the numbers, and what was known while recording. */
const compare = async (
  opType: string,
  arity: 1 | 2,
  numbers: readonly number[],
  inner: ElementType,
  outer: ElementType,
): Promise<{ readonly folded: (number | null)[]; readonly computed: number[] }> => {
  const a = numbers.flatMap((x) => (arity === 1 ? [x] : numbers.map(() => x)));
  const b = numbers.flatMap(() => numbers);
  const g = new Graph();
  const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;
  const constant = (values: readonly number[]): HostArray => arrays[inner === 'float32' || inner === 'int32' ? inner : 'bool'].from(values);
  const operands = [a, ...(arity === 2 ? [b] : [])].map((values) => g.constant(constant(values), [values.length], inner));
  const { bytes } = serializeGraph([{ name: 'y', value: g.node(opType, operands, {}, { shape: [a.length], dtype: outer }) }]);
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const results: Readonly<Record<string, Tensor | undefined>> = await session.run({});
  await session.release();
  const rounded = (x: number): number => (inner === 'float32' ? Math.fround(x) : x);
  const folded = a.map((x, i) => evaluators[opType]?.(outer, rounded(x), ...(arity === 2 ? [rounded(b[i] ?? NaN)] : [])) ?? null);
  return { folded, computed: Array.from((results['y']?.data ?? []) as Iterable<number>, Number) };
};

describe('folding gives what onnxruntime would compute', () => {
  it.each([
    ...floatUnary.map((op) => [op, 1, floats, 'float32', 'float32'] as const),
    ...floatBinary.map((op) => [op, 2, floats, 'float32', 'float32'] as const),
    ...comparisons.map((op) => [op, 2, floats, 'float32', 'bool'] as const),
    ...['IsNaN', 'IsInf'].map((op) => [op, 1, floats, 'float32', 'bool'] as const),
    ...bools.map((op) => [op, 2, [0, 1], 'bool', 'bool'] as const),
    ['Not', 1, [0, 1], 'bool', 'bool'] as const,
    ...['Add', 'Sub', 'Mul', 'Max', 'Min'].map((op) => [op, 2, [-(2 ** 31), -9, 0, 7, 46_341, 2 ** 31 - 1], 'int32', 'int32'] as const),
  ])('%s', async (opType, arity, numbers, inner, outer) => {
    const { folded, computed } = await compare(opType, arity, numbers, inner, outer);
    folded.forEach((known, i) => {
      if (known === null) return;
      const want = computed[i] ?? NaN;
      const close = Object.is(known, want) || known === want || Math.abs(known - want) <= 3e-7 * Math.abs(want);
      expect(close, `element ${String(i)}: folded ${String(known)}, computed ${String(want)}`).toBe(true);
    });
    expect(folded.filter((known) => known !== null).length).toBeGreaterThan(0);
  });

  it('leaves a negative zero, an integer division by zero and what int32 cannot count to the runtime', () => {
    expect(evaluators['Neg']?.('float32', 0)).toBeNull();
    expect(evaluators['Neg']?.('int32', 0)).toBe(0);
    expect(evaluators['Div']?.('int32', 1, 0)).toBeNull();
    expect(evaluators['Mul']?.('int32', 2 ** 31 - 1, 2 ** 31 - 1)).toBeNull();
  });

  it('rounds like float32 after each operation', () => {
    expect(evaluators['Add']?.('float32', 1, 1e-9)).toBe(1);
    expect(evaluators['Div']?.('float32', 1, 3)).toBe(Math.fround(1 / 3));
    expect(evaluators['Div']?.('int32', -7, 2)).toBe(-3);
  });

  it('chooses and bounds', () => {
    expect(evaluators['Where']?.('float32', 1, 2, 3)).toBe(2);
    expect(evaluators['Where']?.('float32', 0, 2, 3)).toBe(3);
    expect(evaluators['Clip']?.('float32', 5, -1, 1)).toBe(1);
    expect(evaluators['Clip']?.('float32', NaN, -1, 1)).toBeNaN();
  });

  it('rounds halves to even', () => {
    expect([-2.5, -1.5, -0.6, 0.5, 1.5, 2.5, 2.6].map(roundHalfEven)).toEqual([-2, -2, -1, 0, 2, 2, 3]);
  });
});

describe('neutral operands', () => {
  it.each([
    ['Add', 'left', 0],
    ['Add', 'right', 0],
    ['Sub', 'right', 0],
    ['Mul', 'left', 1],
    ['Mul', 'right', 1],
    ['Div', 'right', 1],
  ] as const)('%s, on the %s: %d', (opType, side, fill) => {
    expect(isNeutral(opType, side, fill)).toBe(true);
    expect(isNeutral(opType, side, fill + 1)).toBe(false);
    expect(isNeutral(opType, side, undefined)).toBe(false);
  });
  it('has none on the left of a difference or a quotient', () => {
    expect(isNeutral('Sub', 'left', 0)).toBe(false);
    expect(isNeutral('Div', 'left', 1)).toBe(false);
  });
});
