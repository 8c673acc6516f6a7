/** Random operands for properties, and the table form in which kernels are tested. */
import type * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { it } from 'vitest';
import { expectSameAsCpu, type Comparison, type Operand } from './against-cpu.js';

type DataType = NonNullable<Operand['dtype']>;

export interface ShapeOptions {
  readonly minRank?: number;
  readonly maxRank?: number;
  readonly minSize?: number;
  readonly maxSize?: number;
}

/** Shapes of rank 0 to 5 with axes of 0 to 3 elements; few are empty. */
export const shapes = ({ minRank = 0, maxRank = 5, minSize = 0, maxSize = 3 }: ShapeOptions = {}): fc.Arbitrary<number[]> => {
  const sizes =
    minSize > 0
      ? fc.integer({ min: minSize, max: maxSize })
      : fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 14, arbitrary: fc.integer({ min: 1, max: maxSize }) });
  return fc.array(sizes, { minLength: minRank, maxLength: maxRank });
};

export const dtypes = fc.constantFrom<DataType>('float32', 'float32', 'int32', 'bool');

const ordinary: Readonly<Record<DataType, fc.Arbitrary<number>>> = {
  // Quarters, so that sums come out the same in any order.
  float32: fc.integer({ min: -40, max: 40 }).map((n) => n / 4),
  int32: fc.integer({ min: -9, max: 9 }),
  bool: fc.integer({ min: 0, max: 1 }),
};

/** A tensor of ordinary numbers. */
export const tensors = (
  shape: readonly number[],
  dtype: DataType = 'float32',
  values: fc.Arbitrary<number> = ordinary[dtype],
): fc.Arbitrary<Operand> => {
  const size = shape.reduce((product, dim) => product * dim, 1);
  return fc.array(values, { minLength: size, maxLength: size }).map((elements) => ({ shape, dtype, values: elements }));
};

/** A tensor with infinities, NaN and signed zeros among its numbers, for kernels that only move elements. */
export const anyTensors = (shape: readonly number[], dtype: DataType): fc.Arbitrary<Operand> =>
  tensors(
    shape,
    dtype,
    dtype === 'float32'
      ? fc.oneof({ weight: 9, arbitrary: ordinary.float32 }, { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, -0) })
      : ordinary[dtype],
  );

export interface Case extends Comparison {
  readonly f: (...operands: tf.Tensor[]) => tf.Tensor;
  readonly operands: readonly Operand[];
}

/** One property for each row: value, and gradient where an operand is float32, agree with the cpu backend. */
export const itAgreesWithCpu = (rows: Readonly<Record<string, fc.Arbitrary<Case>>>, numRuns = 15): void => {
  it.each(Object.entries(rows))('%s', async (_, cases) => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ f, operands, gradient = true, tolerance = 1e-5 }) => {
        await expectSameAsCpu(f, operands, { gradient: gradient && operands.some(({ dtype }) => dtype === 'float32'), tolerance });
      }),
      { numRuns },
    );
  });
};
