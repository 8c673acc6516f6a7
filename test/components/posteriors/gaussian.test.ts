import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { buildComponent } from '../../support/build.js';
import { createPass, createTestScope, useCpuBackend, valuesOf } from '../../support/pass.js';

useCpuBackend();

const create = (scale: string, output: tf.Tensor) => {
  const family = buildComponent('posterior', { type: 'gaussian', scale });
  expect(family.numParameters(2)).toBe(output.shape[1]);
  return family.build(createTestScope(1), 2)(output, 'exp', createPass());
};

it('has a scale for each example, as the encoder tells', () => {
  const { mean, scale } = create('per-example', tf.tensor2d([[1, 2, 0, Math.log(3)]]));
  expect([valuesOf(mean), valuesOf(scale)]).toEqual([
    [1, 2],
    [1, expect.closeTo(3, 5)],
  ]);
});

it('has one scale for all examples where it is shared', () => {
  const means = [
    [1, 2],
    [3, 4],
  ];
  const { mean, scale } = create('shared', tf.tensor2d(means));
  expect([valuesOf(mean), valuesOf(scale)]).toEqual([
    [1, 2, 3, 4],
    [1, 1, 1, 1],
  ]);
});
