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
