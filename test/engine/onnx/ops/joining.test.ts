import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { expectSameAsCpu } from './against-cpu.js';
import { anyTensors, dtypes, itAgreesWithCpu, shapes, tensors, type Case, type ShapeOptions } from './operands.js';

const of = (
  options: ShapeOptions,
  make: (shape: readonly number[], axis: number) => fc.Arbitrary<(x: tf.Tensor) => tf.Tensor>,
): fc.Arbitrary<Case> =>
  fc.tuple(shapes({ minRank: 1, ...options }), dtypes, fc.nat(), fc.boolean()).chain(([shape, dtype, n, fromBack]) => {
    const axis = n % shape.length;
    return fc.record({ f: make(shape, fromBack ? axis - shape.length : axis), operands: fc.tuple(anyTensors(shape, dtype)) });
  });

/** Several tensors that differ in the size of one axis. */
const pieces = (sameSize: boolean): fc.Arbitrary<{ readonly axis: number; readonly shapes: readonly (readonly number[])[] }> =>
  fc.tuple(shapes({ minRank: 1 }), fc.nat(), fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 4 })).map(([shape, n, sizes]) => {
    const axis = n % shape.length;
    return { axis, shapes: sizes.map((size) => shape.map((dim, i) => (i === axis && !sameSize ? size : dim))) };
  });

const paddings = (shape: readonly number[], most: (dim: number) => number): fc.Arbitrary<[number, number][]> =>
  fc.tuple(...shape.map((dim) => fc.tuple(fc.nat({ max: most(dim) }), fc.nat({ max: most(dim) }))));

describe('kernels that join, take apart and pad agree with the cpu backend', () => {
  itAgreesWithCpu(
    {
      Concat: fc.tuple(pieces(false), dtypes).chain(([{ axis, shapes }, dtype]) =>
        fc.record({
          f: fc.constant((...xs: tf.Tensor[]) => tf.concat(xs, axis)),
          operands: fc.tuple(...shapes.map((shape) => anyTensors(shape, dtype))),
        }),
      ),
      'Concat of a tensor with itself': of({}, (_, axis) => fc.constant((x) => tf.concat([x, x], axis))),
      Pack: fc.tuple(pieces(true), dtypes).chain(([{ axis, shapes }, dtype]) =>
        fc.record({
          f: fc.constant((...xs: tf.Tensor[]) => tf.stack(xs, axis)),
          operands: fc.tuple(...shapes.map((shape) => anyTensors(shape, dtype))),
        }),
      ),
      'Pack of a scalar with itself': fc.tuple(tensors([])).map((operands) => ({ f: (x) => tf.stack([x, x, x]), operands })),
      // An axis of no elements has no pieces to join again.
      'Unpack, joined in another order': of({ minSize: 1 }, (_, axis) => fc.constant((x) => tf.stack(tf.unstack(x, axis).reverse()))),
      'SplitV, joined in another order': of({ minSize: 1 }, (shape, axis) =>
        fc.array(fc.nat({ max: shape.at(axis) ?? 0 }), { maxLength: 2 }).map((cuts) => {
          const ends = [0, ...cuts.sort((a, b) => a - b), shape.at(axis) ?? 0];
          return (x) =>
            tf.concat(
              tf
                .split(
                  x,
                  ends.map((end, i) => end - (ends[i - 1] ?? 0)),
                  axis,
                )
                .reverse(),
              axis,
            );
        }),
      ),
      'SplitV into equal parts': of({ minSize: 1 }, (shape, axis) => fc.constant((x) => tf.stack(tf.split(x, shape.at(axis) ?? 1, axis)))),
      'SplitV with one size left open': of({ minSize: 2 }, (_, axis) => fc.constant((x) => tf.split(x, [1, -1], axis)[1] ?? x)),
      PadV2: of({}, (shape) =>
        fc
          .tuple(
            paddings(shape, () => 2),
            fc.constantFrom(0, 1),
          )
          .map(
            ([pairs, fill]) =>
              (x) =>
                tf.pad(x, pairs, fill),
          ),
      ),
      'MirrorPad, reflect': of({ minSize: 1, maxRank: 4 }, (shape) =>
        paddings(shape, (dim) => dim - 1).map((pairs) => (x) => tf.mirrorPad(x, pairs, 'reflect')),
      ),
      'MirrorPad, symmetric': of({ minSize: 1, maxRank: 4 }, (shape) =>
        paddings(shape, (dim) => dim).map((pairs) => (x) => tf.mirrorPad(x, pairs, 'symmetric')),
      ),
    },
    20,
  );

  it('Pad with infinities and fractions', async () => {
    for (const fill of [-Infinity, NaN, 0.1]) await expectSameAsCpu((x) => tf.pad(x, [[1, 2]], fill), [{ shape: [2], values: [1, 2] }]);
    await expectSameAsCpu((x) => tf.pad(x, [[1, 0]], 2.7), [{ shape: [2], dtype: 'int32', values: [1, 2] }], { gradient: false });
  });
});
