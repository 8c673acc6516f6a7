/** Nodes that move elements without computing any. Several kernels share them; each is left out, or kept small, where it can be. */
import type { Graph } from '../graph.js';
import { sameShape, sizeOf, type Value } from '../values.js';

/** Per axis: where a slice starts, how many elements it takes, and in which strides. */
export interface SliceSpec {
  readonly starts: readonly number[];
  readonly sizes: readonly number[];
  /** Default: 1 everywhere. May be negative. */
  readonly steps?: readonly number[];
}

/** ONNX counts a negative end from the back; "before the first element" is therefore a number that no axis reaches. */
const beforeFirst = -(2 ** 31);

export const slice = (g: Graph, x: Value, { starts, sizes, steps = sizes.map(() => 1) }: SliceSpec): Value => {
  if (x.origin.kind === 'uniform' || sizeOf(sizes) === 0) return g.uniform(x.origin.kind === 'uniform' ? x.origin.fill : 0, sizes, x.dtype);
  // Along an axis that was broadcast every slice is the same, so the slice is taken of what was there before.
  const core = g.unbroadcast(x);
  const offset = x.shape.length - core.shape.length;
  const axes = core.shape.flatMap((dim, i) => {
    const whole = starts[i + offset] === 0 && sizes[i + offset] === dim && (steps[i + offset] ?? 1) > 0;
    return whole || dim === 1 ? [] : [i];
  });
  if (axes.length === 0) return g.expand(core, sizes);
  const pick = (numbers: readonly number[]): readonly number[] => axes.map((axis) => numbers[axis + offset] ?? 0);
  const ends = pick(starts).map((start, i) => {
    const step = pick(steps)[i] ?? 1;
    const end = start + (pick(sizes)[i] ?? 0) * step;
    return end < 0 ? beforeFirst : end;
  });
  const shape = core.shape.map((dim, i) => (axes.includes(i) ? (sizes[i + offset] ?? dim) : dim));
  const operands = [core, g.indices(pick(starts)), g.indices(ends), g.indices(axes), g.indices(pick(steps))];
  return g.expand(g.node('Slice', operands, {}, { shape, dtype: x.dtype }), sizes);
};

/** Joins values that have equal shapes but for `axis`; the first decides the element type. */
export const concat = (g: Graph, values: readonly Value[], axis: number): Value => {
  const [first] = values;
  if (!first) throw new Error('nothing to join');
  const shape = first.shape.map((dim, i) => (i === axis ? values.reduce((sum, value) => sum + (value.shape[axis] ?? 0), 0) : dim));
  const pieces = values.filter((value) => sizeOf(value.shape) > 0).map((value) => g.cast(value, first.dtype));
  const [piece] = pieces;
  if (!piece) return g.uniform(0, shape, first.dtype);
  if (pieces.length === 1) return piece;
  const { origin } = piece;
  if (origin.kind === 'uniform' && pieces.every((other) => other.origin.kind === 'uniform' && Object.is(other.origin.fill, origin.fill)))
    return g.uniform(origin.fill, shape, first.dtype);
  if (piece.shape[axis] === 1 && pieces.every((other) => other === piece)) return g.expand(piece, shape);
  return g.node('Concat', pieces, { axis }, { shape, dtype: first.dtype });
};

/** Surrounds a value with `fill`: so many elements before and after, along each axis. */
export const pad = (g: Graph, x: Value, before: readonly number[], after: readonly number[], fill: number): Value => {
  const shape = x.shape.map((dim, i) => dim + (before[i] ?? 0) + (after[i] ?? 0));
  if (sameShape(shape, x.shape)) return x;
  const constant = g.cast(g.scalar(fill), x.dtype);
  const padding = constant.origin.kind === 'uniform' ? constant.origin.fill : fill;
  if (sizeOf(x.shape) === 0 || (x.origin.kind === 'uniform' && Object.is(x.origin.fill, padding)))
    return g.uniform(padding, shape, x.dtype);
  return g.node('Pad', [x, g.indices([...before, ...after]), constant], { mode: 'constant' }, { shape, dtype: x.dtype });
};

/** Elements of one axis, by positions that are known while recording. */
export const select = (g: Graph, x: Value, axis: number, positions: readonly number[]): Value => {
  const shape = x.shape.map((dim, i) => (i === axis ? positions.length : dim));
  if (x.origin.kind === 'uniform') return g.uniform(x.origin.fill, shape, x.dtype);
  return g.node('Gather', [x, g.indices(positions)], { axis }, { shape, dtype: x.dtype });
};
