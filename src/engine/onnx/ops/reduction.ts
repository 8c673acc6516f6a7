/** Reductions over axes, and running sums and products. */
import type { Graph } from '../graph.js';
import type { Kernel, KernelAttrs } from '../kernel.js';
import { sizeOf, type Shape, type Value } from '../values.js';
import { axisAttr, numbersAttr, operand } from './operand.js';
import { countable, fillOf } from './types.js';

interface Reduction {
  /** Ascending, counted from the front. */
  readonly axes: readonly number[];
  readonly shape: Shape;
  readonly keepdims: 0 | 1;
  /** Elements that become one. */
  readonly count: number;
}

/** null stands for all axes. */
const reductionOf = (x: Value, attrs: KernelAttrs, name: string): Reduction => {
  const rank = x.shape.length;
  const given = attrs[name] === null || attrs[name] === undefined ? x.shape.map((_, i) => i) : numbersAttr(attrs, name);
  const axes = [...new Set(given.map((axis) => (axis < 0 ? axis + rank : axis)))].sort((a, b) => a - b);
  const keepdims = attrs['keepDims'] === true ? 1 : 0;
  const shape = x.shape.flatMap((dim, axis) => (axes.includes(axis) ? (keepdims ? [1] : []) : [dim]));
  return { axes, shape, keepdims, count: sizeOf(axes.map((axis) => x.shape[axis] ?? 1)) };
};

const reduce = (g: Graph, opType: string, x: Value, { axes, shape, keepdims }: Reduction): Value =>
  // Without axes ONNX would reduce all.
  axes.length === 0 ? x : g.node(opType, [x, g.indices(axes)], { keepdims }, { shape, dtype: x.dtype });

interface Rule {
  readonly input: (g: Graph, x: Value) => Value;
  /** What becomes of no elements at all, as the `cpu` backend has it. */
  readonly empty: number;
  /** What becomes of `count` equal numbers; null where that is left to the operator. */
  readonly uniform: (fill: number, count: number) => number | null;
  readonly compute: (g: Graph, x: Value, reduction: Reduction) => Value;
}

const reduction =
  (axesName: 'axis' | 'reductionIndices', { input, empty, uniform, compute }: Rule): Kernel =>
  (g, inputs, attrs) => {
    const x = input(g, operand(inputs, 'x'));
    const reduction = reductionOf(x, attrs, axesName);
    if (reduction.count === 0 || sizeOf(reduction.shape) === 0) return g.uniform(empty, reduction.shape, x.dtype);
    const fill = fillOf(x);
    const known = fill === undefined ? null : uniform(fill, reduction.count);
    if (known !== null && x.dtype === 'float32') return g.uniform(Math.fround(known), reduction.shape, x.dtype);
    if (known !== null && Number.isSafeInteger(known)) return g.uniform(known | 0, reduction.shape, x.dtype);
    return compute(g, x, reduction);
  };

const plain =
  (opType: string): Rule['compute'] =>
  (g, x, reduction) =>
    reduce(g, opType, x, reduction);
/** onnxruntime's int32 sums and products stop at the largest number; those of int64 wrap around when cast back. */
const wide =
  (opType: string): Rule['compute'] =>
  (g, x, reduction) =>
    x.dtype === 'int32' ? g.cast(reduce(g, opType, g.cast(x, 'int64'), reduction), 'int32') : reduce(g, opType, x, reduction);
const asIs = (_: Graph, x: Value): Value => x;
const asFloat = (g: Graph, x: Value): Value => g.cast(x, 'float32');
const same = (fill: number): number => fill;

/** Columns from which on onnxruntime's threads share a sum over rows well. */
const wideRows = 4096;

/**
 * The sums over the first axes, or so much of them. ReduceSum gives its threads neighbouring columns, where they get into each other's way:
 * [128, 512] takes 65 µs on two threads and 12 on one, and a product with a row of ones 8. Of the pixels of a batch, [128, 196, 32], the
 * first axis goes alone: 1.05 ms become 0.2. Over other axes ReduceSum is the faster one, by a factor of up to twenty.
 */
const sumOfRows = (g: Graph, x: Value, { axes, shape, count }: Reduction, factor: number): Value => {
  const [first = 1] = x.shape;
  const width = sizeOf(shape);
  const inner = sizeOf(x.shape.slice(1));
  const isWide = axes.length > 1 && inner >= wideRows;
  const rows = isWide ? reduce(g, 'ReduceSum', g.reshape(x, [first, inner]), { axes: [0], shape: [inner], keepdims: 0, count: first }) : x;
  const numRows = isWide ? count / first : count;
  const ones = g.uniform(1, [1, numRows], 'float32');
  const attributes = factor === 1 ? {} : { alpha: { float: Math.fround(factor) } };
  const product = g.node('Gemm', [ones, g.reshape(rows, [numRows, width])], attributes, { shape: [1, width], dtype: 'float32' });
  return g.reshape(product, shape);
};

/** Sums, times what `factor` makes of the number of elements that become one. */
const sums =
  (opType: 'ReduceSum' | 'ReduceMean', factor: (count: number) => number): Rule['compute'] =>
  (g, x, reduction) => {
    const { axes, shape, count } = reduction;
    const width = sizeOf(shape);
    const isOfRows = x.dtype === 'float32' && axes.every((axis, i) => axis === i) && count > 1 && width > 1;
    if (!isOfRows || (axes.length === 1 && width >= wideRows)) return wide(opType)(g, x, reduction);
    return sumOfRows(g, x, reduction, factor(count));
  };

/** What x is the square of; null for anything else. */
const rootOf = ({ dtype, origin }: Value): Value | null => {
  if (dtype !== 'float32' || origin.kind !== 'node' || origin.node.opType !== 'Mul') return null;
  const [a, b] = origin.node.inputs;
  return a && a === b ? a : null;
};

/** Norms of gradients are sums of squares, which need not be written down: 0.16 ms instead of 0.43 for 1024 x 784. */
const sum: Rule['compute'] = (g, x, reduction) => {
  const root = reduction.axes.length > 0 && reduction.axes.length === x.shape.length ? rootOf(x) : null;
  return root ? reduce(g, 'ReduceSumSquare', root, reduction) : sums('ReduceSum', () => 1)(g, x, reduction);
};
const mean = sums('ReduceMean', (count) => 1 / count);

export const Sum: Kernel = reduction('axis', {
  input: countable,
  empty: 0,
  uniform: (fill, count) => fill * count,
  compute: sum,
});
export const Mean: Kernel = reduction('axis', { input: asFloat, empty: 0, uniform: same, compute: mean });
export const Prod: Kernel = reduction('axis', { input: countable, empty: 1, uniform: () => null, compute: wide('ReduceProd') });
export const All: Kernel = reduction('axis', { input: asIs, empty: 0, uniform: same, compute: plain('ReduceMin') });
export const Any: Kernel = reduction('axis', { input: asIs, empty: 0, uniform: same, compute: plain('ReduceMax') });

/**
 * onnxruntime passes over NaN, which would hide that a model has diverged: the sum of the elements between -1 and 1, taken zero times,
 * is NaN where one of them is. 17 µs for 128 x 784.
 */
const extreme =
  (opType: string): Rule['compute'] =>
  (g, x, reduction) => {
    const found = reduce(g, opType, x, reduction);
    if (x.dtype !== 'float32' || reduction.axes.length === 0) return found;
    const bounded = g.elementwise('Clip', [x, g.scalar(-1), g.scalar(1)]);
    return g.elementwise('Add', [found, g.elementwise('Mul', [reduce(g, 'ReduceSum', bounded, reduction), g.scalar(0)])]);
  };
export const Max: Kernel = reduction('reductionIndices', { input: asIs, empty: NaN, uniform: same, compute: extreme('ReduceMax') });
export const Min: Kernel = reduction('axis', { input: asIs, empty: NaN, uniform: same, compute: extreme('ReduceMin') });

/** The index along one axis, the first of equals. */
const indexOf =
  (opType: string): Kernel =>
  (g, inputs, attrs) => {
    const x = countable(g, operand(inputs, 'x'));
    const rank = x.shape.length;
    const axis = axisAttr(attrs, 'axis', rank);
    const shape = x.shape.filter((_, i) => i !== axis);
    if (rank === 0 || x.shape.includes(0) || x.shape[axis] === 1) return g.uniform(0, shape, 'int32');
    return g.cast(g.node(opType, [x], { axis, keepdims: 0 }, { shape, dtype: 'int64' }), 'int32');
  };
export const ArgMax: Kernel = indexOf('ArgMax');
export const ArgMin: Kernel = indexOf('ArgMin');

export const Cumsum: Kernel = (g, inputs, attrs) => {
  const x = countable(g, operand(inputs, 'x'));
  if (x.shape.includes(0) || x.shape.length === 0) return x;
  const axis = axisAttr(attrs, 'axis', x.shape.length);
  const flags = { exclusive: Number(attrs['exclusive'] === true), reverse: Number(attrs['reverse'] === true) };
  return g.node('CumSum', [x, g.scalar(axis, 'int64')], flags, { shape: x.shape, dtype: x.dtype });
};

/**
 * ONNX has no running product. Each element is multiplied with the one before it, then with the one two before it, four, eight: after
 * log2(n) rounds it holds all (Hillis and Steele 1986).
 */
export const Cumprod: Kernel = (g, inputs, attrs) => {
  const x = countable(g, operand(inputs, 'x'));
  const axis = axisAttr(attrs, 'axis', x.shape.length);
  const size = x.shape[axis] ?? 0;
  if (x.shape.includes(0)) return x;
  const reverse = attrs['reverse'] === true;
  let product = attrs['exclusive'] === true ? shift(g, x, axis, 1, reverse) : x;
  for (let distance = 1; distance < size; distance *= 2)
    product = g.elementwise('Mul', [product, shift(g, product, axis, distance, reverse)]);
  return product;
};

/** The elements `distance` places further along the axis, ones in the places that they leave. */
const shift = (g: Graph, x: Value, axis: number, distance: number, backwards: boolean): Value => {
  const size = x.shape[axis] ?? 1;
  const withSize = (dim: number): Shape => x.shape.map((own, i) => (i === axis ? dim : own));
  const kept = Math.max(0, size - distance);
  const ones = g.uniform(1, withSize(size - kept), x.dtype);
  if (kept === 0) return ones;
  const start = backwards ? distance : 0;
  const ends = g.indices([start + kept]);
  const rest = g.node('Slice', [x, g.indices([start]), ends, g.indices([axis])], {}, { shape: withSize(kept), dtype: x.dtype });
  return g.node('Concat', backwards ? [rest, ones] : [ones, rest], { axis }, { shape: x.shape, dtype: x.dtype });
};
