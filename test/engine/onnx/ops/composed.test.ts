import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TraceError } from '../../../../src/engine/index.js';
import { engine } from './against-cpu.js';
import { itAgreesWithCpu, shapes, tensors, type Case } from './operands.js';

/** Functions of one matrix or more, [..., 3, 4]. */
const ofMatrices = (f: (x: tf.Tensor) => tf.Tensor, gradient = true): fc.Arbitrary<Case> =>
  shapes({ maxRank: 2, minSize: 2 }).chain((batch) =>
    fc.record({ f: fc.constant(f), operands: fc.tuple(tensors([...batch, 3, 4])), gradient: fc.constant(gradient) }),
  );

/** A matrix whose rows are far from depending on one another. */
const regular = tensors(
  [3, 3],
  'float32',
  fc.integer({ min: -4, max: 4 }).map((n) => n / 4),
).map((x) => ({ ...x, values: x.values.map((value, i) => value + (i % 4 === 0 ? 6 : 0)) }));

describe('operations that TensorFlow.js composes of kernels agree with the cpu backend', () => {
  itAgreesWithCpu(
    {
      bandPart: ofMatrices((x) => tf.linalg.bandPart(x, 1, -1)),
      qr: regular.map((x) => ({ f: (t) => tf.linalg.qr(t)[0], operands: [x], tolerance: 1e-3, gradient: false })),
      gramSchmidt: regular.map((x) => ({ f: (t) => tf.linalg.gramSchmidt(t as tf.Tensor2D) as tf.Tensor, operands: [x], tolerance: 1e-3 })),
      'moments, the mean': ofMatrices((x) => tf.moments(x, -1).mean),
      'moments, the variance': ofMatrices((x) => tf.moments(x, [0, 1], true).variance),
      logSumExp: ofMatrices((x) => tf.logSumExp(x, -1)),
      'norm, euclidean': ofMatrices((x) => tf.norm(tf.add(x, 11), 'euclidean', -1)),
      'norm, 1': ofMatrices((x) => tf.norm(tf.add(x, 11), 1, [0])),
      'norm, maximum': ofMatrices((x) => tf.norm(x, Infinity, [0]), false),
      'where a condition holds': fc
        .tuple(tensors([2, 3]), tensors([3]), tensors([2, 3], 'bool'))
        .map((operands) => ({ f: (a, b, condition) => tf.where(condition, a, b), operands })),
      'a stack of unstacked rows': ofMatrices((x) => tf.stack(tf.unstack(x, -1), 1)),
      'halves that change places': ofMatrices((x) => tf.concat(tf.split(x, 2, -1).reverse(), -1)),
      roll: fc.tuple(tensors([5])).map((operands) => ({ f: (x) => tf.concat([tf.slice(x, [3]), tf.slice(x, [0], [3])]), operands })),
      meshgrid: fc.tuple(tensors([2]), tensors([3])).map((operands) => ({ f: (a, b) => tf.stack(tf.meshgrid(a, b)), operands })),
      eye: fc.tuple(tensors([2, 3, 3])).map((operands) => ({ f: (x) => tf.mul(x, tf.eye(3)), operands })),
    },
    10,
  );
});

describe('operations that wait for values cannot be recorded', () => {
  const compile = async (step: (x: tf.Tensor) => unknown): Promise<unknown> =>
    (await engine('onnx'))
      .compile('test', { x: { shape: [3, 3], dtype: 'float32' } }, ({ x }) => ({ y: step(x) as tf.Tensor }))
      .then(
        () => 'compiled',
        (error: unknown) => error,
      );

  it.each([
    ['booleanMaskAsync', (x: tf.Tensor) => tf.booleanMaskAsync(x, tf.greater(x, 0))],
    ['whereAsync', (x: tf.Tensor) => tf.whereAsync(tf.greater(x, 0))],
    ['arraySync', (x: tf.Tensor) => tf.tensor(x.arraySync())],
    ['setdiff1dAsync', (x: tf.Tensor) => tf.setdiff1dAsync(tf.reshape(x, [9]), [1])],
  ])('%s', async (_, step) => {
    const error = await compile(step);
    expect(error).toBeInstanceOf(TraceError);
    expect(error).toMatchObject({ code: 'value-read', labels: ['step test'] });
  });
});
