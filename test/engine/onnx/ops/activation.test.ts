import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracyOf, between, magnitudesBetween } from './accuracy.js';
import { engine, expectSameAsCpu } from './against-cpu.js';
import { quarters, specialTensor } from './broadcasting.js';
import { itAgreesWithCpu, shapes, tensors, type Case } from './operands.js';

type Unary = (x: tf.Tensor) => tf.Tensor;
const floats = (f: Unary, options: Parameters<typeof shapes>[0] = {}): fc.Arbitrary<Case> =>
  shapes(options).chain((shape) => fc.tuple(tensors(shape, 'float32', quarters(-20, 20))).map((operands) => ({ f, operands })));
const integers = (f: Unary): fc.Arbitrary<Case> =>
  shapes().chain((shape) => fc.tuple(tensors(shape, 'int32')).map((operands) => ({ f, operands, gradient: false })));

describe('activations agree with the cpu backend, value and gradient', () => {
  itAgreesWithCpu(
    {
      Relu: floats(tf.relu),
      Relu6: floats(tf.relu6),
      LeakyRelu: floats((x) => tf.leakyRelu(x, 0.1)),
      'LeakyRelu of slope 0': floats((x) => tf.leakyRelu(x, 0)),
      Elu: floats(tf.elu),
      Selu: floats(tf.selu),
      Sigmoid: floats(tf.sigmoid),
      Softplus: floats(tf.softplus),
      Softmax: floats((x) => tf.softmax(x), { minRank: 1 }),
      LogSoftmax: floats((x) => tf.logSoftmax(x), { minRank: 1 }),
      // TensorFlow.js takes the gradient of the slopes to have the operand's rank.
      Prelu: shapes({ minSize: 1 }).chain((shape) =>
        fc.tuple(tensors(shape), tensors(shape)).map((operands) => ({ f: tf.prelu, operands })),
      ),
      'Prelu with a slope for each column': fc.tuple(tensors([2, 3]), tensors([3])).map((operands) => ({ f: tf.prelu, operands })),
    },
    10,
  );
  itAgreesWithCpu(
    {
      'Relu of int32': integers(tf.relu),
      'Relu6 of int32': integers(tf.relu6),
      'LeakyRelu of int32, which gives float32': integers((x) => tf.leakyRelu(x, 0.5)),
      'Softplus of int32': integers(tf.softplus),
    },
    4,
  );
});

describe('activations on special values', () => {
  it.each<[string, Unary]>([
    ['Relu', tf.relu],
    ['Relu6', tf.relu6],
    ['LeakyRelu', (x) => tf.leakyRelu(x, 0.1)],
    ['Elu', tf.elu],
    ['Selu', tf.selu],
    ['Sigmoid', tf.sigmoid],
    ['Softplus', tf.softplus],
  ])('%s stays in its limits, and NaN stays NaN', async (_, f) => {
    await expectSameAsCpu(f, [specialTensor()], { gradient: false });
  });

  it('Softmax of rows with very different numbers stays finite', async () => {
    await expectSameAsCpu((x) => tf.softmax(x), [{ shape: [3, 3], values: [1000, 0, -1000, -1e30, 1e30, 0, 3e38, 3e38, -3e38] }]);
  });
});

describe('activations are accurate relative to their result, at every magnitude', () => {
  const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  const tiny = [...magnitudesBetween(1e-30, 1), ...magnitudesBetween(1e-30, 1).map((x) => -x)];
  it.each<[string, Unary, (x: number) => number, readonly number[]]>([
    ['Softplus', tf.softplus, softplus, [...between(-87, 100, 20_001), ...between(-2, 2), ...tiny]],
    ['Sigmoid', tf.sigmoid, sigmoid, [...between(-87, 100, 20_001), ...tiny]],
    ['Elu', tf.elu, (x) => (x > 0 ? x : Math.expm1(x)), [...between(-30, 30), ...tiny]],
    ['Selu', tf.selu, (x) => (x > 0 ? 1.0507009873554805 * x : 1.7580993408473768 * Math.expm1(x)), [...between(-30, 30), ...tiny]],
  ])('%s, to 5e-7', async (_, f, exact, numbers) => {
    const { error, at } = await accuracyOf(f, exact, numbers);
    expect(error, `at ${String(at)}`).toBeLessThan(5e-7);
  });

  it('the scale of a posterior that has all but vanished is no zero, nor is its gradient', async () => {
    const step = await (
      await engine('onnx')
    ).compile('scale', { x: { shape: [2], dtype: 'float32' } }, ({ x }) => ({
      scale: tf.softplus(x),
      slope: tf.grad((y) => tf.sum(tf.log(tf.softplus(y))))(x),
    }));
    const { scale = [], slope = [] } = await step.run({ x: Float32Array.of(-20, -80) });
    expect((scale[0] ?? NaN) / Math.exp(-20)).toBeCloseTo(1, 6);
    expect((scale[1] ?? NaN) / Math.exp(-80)).toBeCloseTo(1, 6);
    expect(slope[0]).toBeCloseTo(1, 6);
    expect(slope[1]).toBeCloseTo(1, 6);
  });
});
