/** Kernels that compare elements in order to rank them. */
import type { Kernel } from '../kernel.js';
import { sizeOf } from '../values.js';
import { numberAttr, operand } from './operand.js';

/** The k largest of the last axis and where they were, largest first and the earlier of equals first, also where `sorted` is not asked for. */
export const TopK: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'x');
  const k = numberAttr(attrs, 'k');
  const shape = [...x.shape.slice(0, -1), k];
  const comparable = x.dtype === 'bool' ? g.cast(x, 'int32') : x;
  const [values, positions] = g.nodes('TopK', [comparable, g.indices([k])], { axis: -1, largest: 1, sorted: 1 }, [
    { shape, dtype: comparable.dtype },
    { shape, dtype: 'int64' },
  ]);
  if (!values || !positions) throw new Error('TopK has two outputs');
  return [g.cast(values, x.dtype), g.cast(positions, 'int32')];
};

/** For each value, how many of its row's sorted numbers come before it: a plain count, which is as good as a search while rows are short. */
export const SearchSorted: Kernel = (g, inputs, attrs) => {
  const sorted = operand(inputs, 'sortedSequence');
  const values = operand(inputs, 'values');
  const [rows = 0, length = 0] = sorted.shape;
  const count = values.shape[1] ?? 0;
  if (sizeOf(sorted.shape) === 0 || sizeOf(values.shape) === 0) return g.uniform(0, values.shape, 'int32');
  const before = attrs['side'] === 'left' ? 'Less' : 'LessOrEqual';
  const flags = g.elementwise(before, [g.reshape(sorted, [rows, 1, length]), g.reshape(values, [rows, count, 1])], 'bool');
  return g.node('ReduceSum', [g.cast(flags, 'int32'), g.indices([2])], { keepdims: 0 }, { shape: values.shape, dtype: 'int32' });
};
