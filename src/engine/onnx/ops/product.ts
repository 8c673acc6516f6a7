/** The matrix product that several kernels are made of. */
import type { Graph } from '../graph.js';
import { broadcastShapes, sizeOf, type Value } from '../values.js';

export interface Transposed {
  readonly a: boolean;
  readonly b: boolean;
}

/**
 * a [..., M, K] times b [..., K, N], either stored transposed; the leading dimensions broadcast. Where one Gemm can do it, it does: Gemm
 * takes transposed operands, and later a bias, for nothing.
 */
export const product = (g: Graph, a: Value, b: Value, transposed: Transposed): Value => {
  const batchA = a.shape.slice(0, -2);
  const batchB = b.shape.slice(0, -2);
  const [rows = 1, inner = 1] = matrixShape(a, transposed.a);
  const [innerB = 1, columns = 1] = matrixShape(b, transposed.b);
  if (inner !== innerB) throw new Error(`matrix products need equal inner dimensions, and ${String(inner)} is not ${String(innerB)}`);
  const shape = [...broadcastShapes(batchA, batchB), rows, columns];
  if (sizeOf(shape) === 0 || inner === 0) return g.uniform(0, shape, a.dtype);
  // Many matrices times a single one are one tall matrix times that one.
  const flatten = sizeOf(batchB) === 1 && (!transposed.a || sizeOf(batchA) === 1);
  if (a.dtype !== 'float32') return wholeNumbers(g, a, b, transposed, shape);
  // Over batches FusedMatMul is the faster by up to 1.6 with anything transposed, and MatMul by 1.2 without.
  if (!flatten && !transposed.a && !transposed.b) return g.node('MatMul', [a, b], {}, { shape, dtype: a.dtype });
  if (!flatten)
    return g.node('FusedMatMul', [a, b], { transA: Number(transposed.a), transB: Number(transposed.b) }, { shape, dtype: a.dtype });
  const left = orient(g.reshape(a, transposed.a ? [inner, rows] : [sizeOf(batchA) * rows, inner]), transposed.a);
  const right = orient(g.reshape(b, transposed.b ? [columns, inner] : [inner, columns]), transposed.b);
  const flat = g.node(
    'Gemm',
    [left.value, right.value],
    { transA: Number(left.transposed), transB: Number(right.transposed) },
    { shape: [sizeOf(batchA) * rows, columns], dtype: a.dtype },
  );
  return g.reshape(flat, shape);
};

const matrixShape = ({ shape }: Value, transposed: boolean): readonly number[] =>
  transposed ? shape.slice(-2).reverse() : shape.slice(-2);

/** A matrix that was transposed on its way here is taken as it was. */
const orient = (value: Value, transposed: boolean): { readonly value: Value; readonly transposed: boolean } => {
  const { origin } = value;
  const [inner] = origin.kind === 'node' && origin.node.opType === 'Transpose' ? origin.node.inputs : [];
  return inner ? { value: inner, transposed: !transposed } : { value, transposed };
};

/** Gemm and FusedMatMul know floats only; MatMul knows int32, and takes nothing transposed. */
const wholeNumbers = (g: Graph, a: Value, b: Value, transposed: Transposed, shape: readonly number[]): Value => {
  const upright = (value: Value, turn: boolean): Value => {
    const rank = value.shape.length;
    const perm = value.shape.map((_, i) => (turn && i >= rank - 2 ? 2 * rank - 3 - i : i));
    return g.transpose(g.cast(value, 'int32'), perm);
  };
  return g.cast(g.node('MatMul', [upright(a, transposed.a), upright(b, transposed.b)], {}, { shape, dtype: 'int32' }), a.dtype);
};
