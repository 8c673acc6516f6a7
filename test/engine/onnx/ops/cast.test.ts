import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engine, expectSameAsCpu } from './against-cpu.js';
import { specialTensor } from './broadcasting.js';
import { dtypes, itAgreesWithCpu, shapes, tensors, type Case } from './operands.js';

const one = (f: (x: tf.Tensor) => tf.Tensor): fc.Arbitrary<Case> =>
  fc.tuple(shapes(), dtypes).chain(([shape, dtype]) => fc.tuple(tensors(shape, dtype)).map((operands) => ({ f, operands })));
/** Kernels without operands; x only carries the step. */
const made = (make: () => tf.Tensor): fc.Arbitrary<Case> =>
  fc.tuple(tensors([1])).map((operands) => ({ f: (x) => tf.add(tf.cast(make(), 'float32'), x), operands }));

describe('types and constants agree with the cpu backend', () => {
  itAgreesWithCpu(
    {
      'Cast to float32': one((x) => tf.cast(x, 'float32')),
      'Cast to int32, truncating': one((x) => tf.cast(x, 'int32')),
      'Cast to bool': one((x) => tf.cast(x, 'bool')),
      Identity: one((x) => tf.clone(x)),
      ZerosLike: one((x) => tf.zerosLike(x)),
      OnesLike: one((x) => tf.onesLike(x)),
    },
    12,
  );
  itAgreesWithCpu(
    {
      Fill: made(() => tf.fill([2, 3], 1.5)),
      'Fill with bool': made(() => tf.fill([2], 1, 'bool')),
      'Fill with int32': made(() => tf.fill([], 7, 'int32')),
      'Fill with a negative zero': made(() => tf.reciprocal(tf.fill([2], -0))),
      LinSpace: made(() => tf.linspace(-1, 2, 7)),
      'LinSpace of one number': made(() => tf.linspace(3, 9, 1)),
      Range: made(() => tf.range(1, 7.5, 2)),
      'Range of int32': made(() => tf.range(0, 5, 1, 'int32')),
      'Range downwards': made(() => tf.range(4, -2, -2)),
      'Range downwards without a step': made(() => tf.range(4, 0)),
    },
    1,
  );

  it('Range without numbers is empty', async () => {
    for (const [start, stop, step] of [
      [2, 2, 1],
      [1, 5, -1],
      [5, 1, 2],
    ] as const)
      await expectSameAsCpu((x) => tf.concat([tf.range(start, stop, step), x as tf.Tensor1D]), [{ shape: [1], values: [1] }], {
        gradient: false,
      });
  });
});

describe('Cast', () => {
  it('takes NaN and infinities as true', async () => {
    await expectSameAsCpu((x) => tf.cast(x, 'bool'), [specialTensor()], { gradient: false });
  });

  it('makes the lowest int32 of what does not fit, as TensorFlow does; JavaScript has 0 for it', async () => {
    const step = await (
      await engine('onnx')
    ).compile('cast', { x: { shape: [4], dtype: 'float32' } }, ({ x }) => ({ y: tf.cast(x, 'int32') }));
    expect((await step.run({ x: Float32Array.of(NaN, Infinity, -Infinity, 3e9) }))['y']).toEqual(new Int32Array(4).fill(-(2 ** 31)));
  });

  it('refuses types that cannot be compiled', async () => {
    await expect(
      (await engine('onnx')).compile('cast', { x: { shape: [1], dtype: 'float32' } }, ({ x }) => ({ y: tf.cast(x, 'complex64') })),
    ).rejects.toMatchObject({ code: 'unsupported-arguments' });
  });
});
