/** Normalising with statistics that are given. */
import type { Kernel } from '../kernel.js';
import { operand } from './operand.js';

/** offset + (x - mean) scale / sqrt(variance + epsilon); scale and offset may be left out. */
export const FusedBatchNorm: Kernel = (g, inputs, attrs) => {
  const x = operand(inputs, 'x');
  const float = (name: string) => g.cast(operand(inputs, name), 'float32');
  const epsilon = typeof attrs['varianceEpsilon'] === 'number' ? attrs['varianceEpsilon'] : 0.001;
  const deviation = g.elementwise('Sqrt', [g.elementwise('Add', [float('variance'), g.scalar(Math.fround(epsilon))])]);
  const factor = g.elementwise('Div', [inputs['scale'] ? float('scale') : g.scalar(1), deviation]);
  const normal = g.elementwise('Mul', [g.elementwise('Sub', [g.cast(x, 'float32'), float('mean')]), factor]);
  return g.cast(inputs['offset'] ? g.elementwise('Add', [normal, float('offset')]) : normal, x.dtype);
};
