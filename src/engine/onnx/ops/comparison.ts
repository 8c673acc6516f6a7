/** Comparisons, logic, and choosing by a condition; comparisons and logic give bool. */
import type { Kernel } from '../kernel.js';
import { operand } from './operand.js';
import { countable, where } from './types.js';

const compare =
  (opType: string): Kernel =>
  (g, inputs) =>
    g.elementwise(opType, [countable(g, operand(inputs, 'a')), countable(g, operand(inputs, 'b'))], 'bool');
const logical =
  (opType: string): Kernel =>
  (g, inputs) =>
    g.elementwise(opType, [g.cast(operand(inputs, 'a'), 'bool'), g.cast(operand(inputs, 'b'), 'bool')], 'bool');

export const Equal: Kernel = compare('Equal');
export const NotEqual: Kernel = (g, inputs) =>
  g.elementwise('Not', [g.elementwise('Equal', [countable(g, operand(inputs, 'a')), countable(g, operand(inputs, 'b'))], 'bool')]);
export const Greater: Kernel = compare('Greater');
export const GreaterEqual: Kernel = compare('GreaterOrEqual');
export const Less: Kernel = compare('Less');
export const LessEqual: Kernel = compare('LessOrEqual');

export const LogicalAnd: Kernel = logical('And');
export const LogicalOr: Kernel = logical('Or');
export const LogicalXor: Kernel = logical('Xor');
export const LogicalNot: Kernel = (g, inputs) => g.elementwise('Not', [g.cast(operand(inputs, 'x'), 'bool')]);

/** Where `condition` holds t, elsewhere e. A condition of rank 1 chooses whole rows of operands of a higher rank. */
export const Select: Kernel = (g, inputs) => {
  const condition = g.cast(operand(inputs, 'condition'), 'bool');
  const t = operand(inputs, 't');
  const e = operand(inputs, 'e');
  const dtype = t.dtype === e.dtype ? t.dtype : t.dtype === 'float32' || e.dtype === 'float32' ? 'float32' : 'int32';
  const rows = condition.shape.length === 1 && t.shape.length > 1;
  const aligned = rows ? g.reshape(condition, [...condition.shape, ...t.shape.slice(1).map(() => 1)]) : condition;
  return where(g, aligned, g.cast(t, dtype), g.cast(e, dtype));
};
