/** Reading a kernel's inputs and attributes; what TensorFlow.js always passes is asserted, not guarded. */
import type { KernelAttrs, KernelInputs } from '../kernel.js';
import type { Value } from '../values.js';

/** An input that the kernel always has. */
export const operand = (inputs: KernelInputs, name: string): Value => {
  const value = inputs[name];
  if (!value) throw new Error(`a kernel was called without its input "${name}"`);
  return value;
};

export const numberAttr = (attrs: KernelAttrs, name: string): number => {
  const value = attrs[name];
  if (typeof value !== 'number') throw new Error(`a kernel was called without its number "${name}"`);
  return value;
};

/** A list of numbers; a single number counts as a list of one. */
export const numbersAttr = (attrs: KernelAttrs, name: string): readonly number[] => {
  const value = attrs[name];
  if (typeof value === 'number') return [value];
  if (!Array.isArray(value) || !value.every((element) => typeof element === 'number'))
    throw new Error(`a kernel was called without its numbers "${name}"`);
  return value;
};

/** One axis out of `rank`, counted from the front. */
export const axisAttr = (attrs: KernelAttrs, name: string, rank: number): number => {
  const axis = numbersAttr(attrs, name)[0] ?? 0;
  return axis < 0 ? axis + rank : axis;
};

/** Two numbers for each axis: paddings, crops. */
export const pairsAttr = (attrs: KernelAttrs, name: string): readonly (readonly [number, number])[] => {
  const pairs: unknown = attrs[name];
  if (!Array.isArray(pairs)) throw new Error(`a kernel was called without its pairs "${name}"`);
  return pairs.map((pair: unknown) => {
    const [before, after] = numbersAttr({ [name]: pair }, name);
    if (before === undefined || after === undefined) throw new Error(`"${name}" needs two numbers for each axis`);
    return [before, after];
  });
};

/** The inputs of a kernel that takes a list. */
export const operands = (inputs: KernelInputs): readonly Value[] => Object.values(inputs);
