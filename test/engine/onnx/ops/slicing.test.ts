import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engine, expectSameAsCpu } from './against-cpu.js';
import { anyTensors, dtypes, itAgreesWithCpu, shapes, tensors, type Case } from './operands.js';

const of = (
  shape: fc.Arbitrary<number[]>,
  make: (shape: readonly number[]) => fc.Arbitrary<(x: tf.Tensor) => tf.Tensor>,
): fc.Arbitrary<Case> =>
  fc.tuple(shape, dtypes).chain(([drawn, dtype]) => fc.record({ f: make(drawn), operands: fc.tuple(anyTensors(drawn, dtype)) }));

/** Begin and size within an axis; the size may be "what is left". */
const ranges = (shape: readonly number[]): fc.Arbitrary<[number, number][]> =>
  fc.tuple(
    ...shape.map((dim) =>
      fc.nat({ max: dim }).chain((begin) => fc.tuple(fc.constant(begin), fc.oneof(fc.nat({ max: dim - begin }), fc.constant(-1)))),
    ),
  );

const masks = (rank: number): fc.Arbitrary<number> => fc.nat({ max: 2 ** rank - 1 });

/** begin, end and stride of each axis, in the stride's direction; from either side, and beyond the end. */
const strides = (shape: readonly number[], steps: readonly number[]): fc.Arbitrary<[number, number, number][]> =>
  fc.tuple(
    ...shape.map((dim) =>
      fc
        .tuple(fc.nat({ max: dim + 1 }), fc.nat({ max: dim + 1 }), fc.constantFrom(...steps), fc.boolean(), fc.boolean())
        .map(([one, other, step, ...fromBack]): [number, number, number] => {
          const ends = [Math.min(one, other), Math.max(one, other)].map((end, i) => (fromBack[i] && end < dim ? end - dim : end));
          const [low = 0, high = 0] = ends;
          return step > 0 ? [low, high, step] : [high, low, step];
        }),
    ),
  );

describe('kernels that take a part agree with the cpu backend', () => {
  itAgreesWithCpu(
    {
      Slice: of(shapes({ minRank: 1 }), (shape) =>
        ranges(shape).map(
          (axes) => (x) =>
            tf.slice(
              x,
              axes.map(([begin]) => begin),
              axes.map(([, size]) => size),
            ),
        ),
      ),
      'Slice of the first axis alone': of(shapes({ minRank: 1, minSize: 1 }), () => fc.constant((x) => tf.slice(x, 0, 1))),
      'Slice of a slice': of(shapes({ minRank: 2, minSize: 2 }), () => fc.constant((x) => tf.slice(tf.slice(x, [0, 1]), [1]))),
      Reverse: of(shapes(), (shape) =>
        fc.subarray(shape.map((_, axis) => axis)).map((axes) => (x) => (axes.length > 0 ? tf.reverse(x, axes) : tf.reverse(x))),
      ),
      StridedSlice: of(shapes({ minRank: 1, maxRank: 4, minSize: 1 }), (shape) =>
        fc.tuple(strides(shape, [1, 2, -1, -2]), masks(shape.length), masks(shape.length)).map(
          ([axes, beginMask, endMask]) =>
            (x) =>
              tf.stridedSlice(
                x,
                axes.map(([begin]) => begin),
                axes.map(([, end]) => end),
                axes.map(([, , step]) => step),
                beginMask,
                endMask,
              ),
        ),
      ),
    },
    30,
  );

  it('StridedSlice with an ellipsis, a new axis and a dropped axis', async () => {
    const x = { shape: [2, 3, 4], values: Array.from({ length: 24 }, (_, i) => i) };
    await expectSameAsCpu((t) => tf.stridedSlice(t, [0, 0, 1], [0, 0, 3], [1, 1, 1], 0, 0, 0b001, 0b010), [x]);
    await expectSameAsCpu((t) => tf.stridedSlice(t, [1, 0, -1], [2, 3, 0], [1, 1, 1], 0, 0, 0, 0, 0b101), [x]);
  });

  it('StridedSlice keeps its place when an axis is dropped and another is strided', async () => {
    // The cpu backend takes the strides of the wrong axes here; the numbers are NumPy's x[1, ::2, ::3].
    const step = await (
      await engine('onnx')
    ).compile('test', { x: { shape: [2, 3, 4], dtype: 'int32' } }, ({ x }) => ({
      y: tf.stridedSlice(x, [1, 0, 0], [2, 3, 4], [1, 2, 3], 0, 0, 0, 0, 0b001),
    }));
    expect((await step.run({ x: Int32Array.from({ length: 24 }, (_, i) => i) }))['y']).toEqual(Int32Array.of(12, 15, 20, 23));
  });

  it('StridedSlice takes nothing from an axis whose begin lies after its end', async () => {
    // The cpu backend takes a size of -1 for "what is left", and fails.
    const step = await (
      await engine('onnx')
    ).compile('test', { x: { shape: [3], dtype: 'float32' } }, ({ x }) => ({ y: tf.stridedSlice(x, [2], [1], [1]) }));
    expect((await step.run({ x: Float32Array.of(1, 2, 3) }))['y']).toEqual(new Float32Array(0));
  });

  it('refuses a slice that does not lie in its tensor', async () => {
    await expect(expectSameAsCpu((x) => tf.slice(x, [1], [3]), [{ shape: [3], values: [1, 2, 3] }])).rejects.toThrow();
  });
});

itAgreesWithCpu({
  'a mean over slices, whose gradient is pads and broadcasts': fc
    .tuple(tensors([4, 3]))
    .map((operands) => ({ f: (x) => tf.mean(tf.slice(x, [1, 0], [2, 3]), 0), operands })),
});
