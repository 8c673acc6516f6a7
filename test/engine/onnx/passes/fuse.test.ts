import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { engine, expectSameAsCpu } from '../ops/against-cpu.js';

const layer = (x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor): tf.Tensor => tf.relu(tf.add(tf.matMul(x, kernel), bias));

describe('a dense layer', () => {
  it('is one Gemm with its bias, and its gradient reads nothing but what the layer gave', async () => {
    const spec = (...shape: number[]): { shape: number[]; dtype: 'float32' } => ({ shape, dtype: 'float32' });
    const step = await (
      await engine('onnx')
    ).compile('layer', { x: spec(4, 3), kernel: spec(3, 2), bias: spec(2) }, ({ x, kernel, bias }) => {
      const [ofKernel, ofBias] = tf.grads((k, b) => tf.sum(layer(x, k, b)))([kernel, bias]);
      if (!ofKernel || !ofBias) throw new Error('no gradient');
      return { y: layer(x, kernel, bias), ofKernel, ofBias };
    });
    const text = step.describe() ?? '';
    expect(text).toMatch(/(Gemm_\d+): .* = Gemm\(input_x, input_kernel, input_bias\)/);
    // The Gemm's result is read by the Relu alone, so that onnxruntime can make one of the two.
    const product = /(Gemm_\d+): .* = Gemm\(input_x/.exec(text)?.[1] ?? '';
    expect(text.match(new RegExp(`\\b${product}[,)]`, 'g'))).toEqual([`${product})`]);
    expect(text).toMatch(/HardSigmoid\((output_y|Relu_\d+)\)/);
    expect(text).not.toMatch(/Identity|Add\(/);
    await step.dispose();
  });

  it('gives the same numbers and gradients, at the kink and beyond', async () => {
    await expectSameAsCpu(layer, [
      { shape: [2, 2], values: [1, -1, 0, 2] },
      { shape: [2, 3], values: [1, 0, -3, 1, 0.5, 2] },
      { shape: [3], values: [0, 0.5, -1e-40] },
    ]);
  });
});

describe('a convolution', () => {
  const convolve = (x: tf.Tensor, filter: tf.Tensor, bias: tf.Tensor): tf.Tensor =>
    tf.add(tf.conv2d(tf.reshape<tf.Rank.R4>(x, [2, 4, 4, 3]), tf.reshape<tf.Rank.R4>(filter, [2, 2, 3, 5]), 2, 'same'), bias);

  it('has its bias in the Gemm of its pixels', async () => {
    const spec = (...shape: number[]): { shape: number[]; dtype: 'float32' } => ({ shape, dtype: 'float32' });
    const inputs = { x: spec(2, 4, 4, 3), filter: spec(2, 2, 3, 5), bias: spec(5) };
    const step = await (await engine('onnx')).compile('convolution', inputs, ({ x, filter, bias }) => ({ y: convolve(x, filter, bias) }));
    const text = step.describe() ?? '';
    expect(text).toMatch(/= Gemm\(\w+, \w+, input_bias\)/);
    expect(text).not.toMatch(/Add\(/);
    await step.dispose();
  });

  it('gives the same numbers and gradients', async () => {
    const values = (size: number): number[] => Array.from({ length: size }, (_, i) => ((i * 7) % 11) / 4 - 1);
    await expectSameAsCpu(convolve, [
      { shape: [2, 4, 4, 3], values: values(96) },
      { shape: [2, 2, 3, 5], values: values(60) },
      { shape: [5], values: [0.5, -1, 0, 2, 0.25] },
    ]);
  });
});

describe('a product with few numbers of a product with one', () => {
  const slope = (x: tf.Tensor, row: tf.Tensor): tf.Tensor => tf.mul(tf.mul(x, 3), row);

  it('passes over the large operand once', async () => {
    const inputs = { x: { shape: [6, 4], dtype: 'float32' }, row: { shape: [4], dtype: 'float32' } } as const;
    const step = await (await engine('onnx')).compile('product', inputs, ({ x, row }) => ({ y: slope(x, row) }));
    expect((step.describe() ?? '').match(/float32\[6,4\] = Mul/g)).toHaveLength(1);
    expect((await step.run({ x: new Float32Array(24).fill(2), row: Float32Array.of(1, 2, 0.5, -1) }))['y']?.slice(0, 4)).toEqual(
      Float32Array.of(6, 12, 3, -6),
    );
    await step.dispose();
  });

  it('gives the same numbers and gradients', async () => {
    await expectSameAsCpu(slope, [
      { shape: [2, 3], values: [1, 2, 0.5, 0, -3, 4] },
      { shape: [3], values: [0.25, -2, 8] },
    ]);
  });
});
