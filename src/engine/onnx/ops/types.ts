/**
 * Around the gaps of onnxruntime's CPU operators, most of which know float32 only: lowerings compute in a type that the operator has and
 * go back. TensorFlow.js keeps int32 and bool tensors in typed arrays, so going back truncates to int32 and takes what is not zero as true.
 */
import type { Graph } from '../graph.js';
import { broadcastShapes, type ElementType, type Value } from '../values.js';

/** `compute` on operands of type `inner`, its result as `outer`. */
export const through = (
  g: Graph,
  inner: ElementType,
  outer: ElementType,
  values: readonly Value[],
  compute: (...operands: readonly Value[]) => Value,
): Value => g.cast(compute(...values.map((value) => g.cast(value, inner))), outer);

/** `x` as a type with arithmetic: bool counts as int32. */
export const countable = (g: Graph, x: Value): Value => (x.dtype === 'bool' ? g.cast(x, 'int32') : x);

/** The number that fills `value`; undefined if it is not known, or not one. */
export const fillOf = ({ origin }: Value): number | undefined => (origin.kind === 'uniform' ? origin.fill : undefined);

/** condition ? a : b, element by element; a and b are of one type. */
export const where = (g: Graph, condition: Value, a: Value, b: Value): Value => {
  const known = fillOf(condition);
  if (known !== undefined) return g.expand(known !== 0 ? a : b, broadcastShapes(condition.shape, a.shape, b.shape));
  if (a === b) return g.expand(a, broadcastShapes(condition.shape, a.shape));
  if (a.dtype === 'bool')
    return through(g, 'uint8', 'bool', [a, b], (yes = a, no = b) => g.elementwise('Where', [condition, yes, no], 'uint8'));
  return g.elementwise('Where', [condition, a, b], a.dtype);
};
