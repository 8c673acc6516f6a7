/** Element types, copies, and tensors that are known while recording. */
import { unsupported, type Kernel, type KernelAttrs } from '../kernel.js';
import { filledArray, sizeOf, type ElementType } from '../values.js';
import { numberAttr, numbersAttr, operand } from './operand.js';

const dtypeAttr = (kernel: string, attrs: KernelAttrs): ElementType => {
  const { dtype } = attrs;
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw unsupported(kernel, `to ${String(dtype)}`);
};

/** Floats are truncated to int32. What does not fit, NaN and infinities, becomes -2147483648, as in TensorFlow; JavaScript makes 0 of it. */
export const Cast: Kernel = (g, inputs, attrs) => g.cast(operand(inputs, 'x'), dtypeAttr('Cast', attrs));

export const Identity: Kernel = (_, inputs) => operand(inputs, 'x');

const filled =
  (fill: number): Kernel =>
  (g, inputs) => {
    const { shape, dtype } = operand(inputs, 'x');
    return g.uniform(fill, shape, dtype);
  };
export const ZerosLike: Kernel = filled(0);
export const OnesLike: Kernel = filled(1);

export const Fill: Kernel = (g, _, attrs) => {
  const { value } = attrs;
  if (typeof value !== 'number' && typeof value !== 'boolean') throw unsupported('Fill', `with ${typeof value}`);
  const dtype = attrs['dtype'] ? dtypeAttr('Fill', attrs) : typeof value === 'boolean' ? 'bool' : 'float32';
  const shape = numbersAttr(attrs, 'shape');
  const number = dtype === 'float32' ? Math.fround(Number(value)) : Math.trunc(Number(value));
  // A negative zero is no uniform value, which is known by its text.
  return Object.is(number, -0) ? g.constant(filledArray(dtype, sizeOf(shape), number), shape, dtype) : g.uniform(number, shape, dtype);
};

/** Steps away from the stop give nothing; the step of 1 that is nobody's choice may turn around. */
export const Range: Kernel = (g, _, attrs) => {
  const start = numberAttr(attrs, 'start');
  const stop = numberAttr(attrs, 'stop');
  const given = numberAttr(attrs, 'step');
  const step = stop < start && given === 1 ? -1 : given;
  const dtype = dtypeAttr('Range', attrs);
  const size = start === stop || stop > start !== step > 0 ? 0 : Math.ceil((stop - start) / step);
  const values = Array.from({ length: size }, (_, i) => start + i * step);
  return g.constant(dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values), [size], dtype);
};

export const LinSpace: Kernel = (g, _, attrs) => {
  const start = numberAttr(attrs, 'start');
  const size = numberAttr(attrs, 'num');
  const step = (numberAttr(attrs, 'stop') - start) / Math.max(1, size - 1);
  return g.constant(
    Float32Array.from({ length: size }, (_, i) => start + i * step),
    [size],
    'float32',
  );
};
