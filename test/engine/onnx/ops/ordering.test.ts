import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe } from 'vitest';
import { dtypes, itAgreesWithCpu, shapes, tensors } from './operands.js';

const topK = (pick: (result: { values: tf.Tensor; indices: tf.Tensor }) => tf.Tensor, gradient: boolean) =>
  fc.tuple(shapes({ minRank: 1, maxRank: 4, minSize: 1, maxSize: 6 }), dtypes, fc.nat()).chain(([shape, dtype, n]) => {
    const k = 1 + (n % (shape.at(-1) ?? 1));
    // Small whole numbers, so that many are equal.
    return fc.record({
      f: fc.constant((x: tf.Tensor) => pick(tf.topk(x, k))),
      operands: fc.tuple(tensors(shape, dtype, fc.nat({ max: dtype === 'bool' ? 1 : 3 }))),
      gradient: fc.constant(gradient),
    });
  });

const searches = (search: (sorted: tf.Tensor, values: tf.Tensor) => tf.Tensor) =>
  fc
    .tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom('float32' as const, 'int32' as const),
    )
    .chain(([rows, length, count, dtype]) =>
      fc.record({
        f: fc.constant(search),
        operands: fc.tuple(
          tensors([rows, length], dtype).map((sorted) => ({
            ...sorted,
            values: Array.from({ length: rows }, (_, row) =>
              sorted.values.slice(row * length, (row + 1) * length).sort((a, b) => a - b),
            ).flat(),
          })),
          tensors([rows, count], dtype),
        ),
        gradient: fc.constant(false),
      }),
    );

describe('kernels that rank agree with the cpu backend', () => {
  itAgreesWithCpu({
    'TopK, the values': topK(({ values }) => values, true),
    'TopK, where they were': topK(({ indices }) => indices, false),
    LowerBound: searches((sorted, values) => tf.lowerBound(sorted, values)),
    UpperBound: searches((sorted, values) => tf.upperBound(sorted, values)),
  });
});
