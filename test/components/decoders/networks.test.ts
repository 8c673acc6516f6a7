import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { buildComponent } from '../../support/build.js';
import { expectGradients } from '../../support/finite-differences.js';
import { applyOf, createPass, createTestScope, useCpuBackend, valuesOf } from '../../support/pass.js';

useCpuBackend();

const sizes = { input: [2], output: [2, 2, 1] };

describe.each(['mlp', 'linear'])('the decoder %s', (type) => {
  it('shapes its output as the data, for a batch of one too', () => {
    const apply = applyOf(buildComponent('decoder', type).build(createTestScope(), sizes));
    expect(apply(tf.zeros([1, 2]), createPass()).shape).toEqual([1, 2, 2, 1]);
    expect(apply(tf.zeros([7, 2]), createPass()).shape).toEqual([7, 2, 2, 1]);
  });

  it('has the gradients of its values', () => {
    const scope = createTestScope(3);
    const apply = applyOf(
      buildComponent('decoder', type === 'mlp' ? { type, hidden: [3, 3], activation: 'gelu' } : type).build(scope, sizes),
    );
    const z = tf.tensor2d([
      [0.5, -0.3],
      [1.2, 0.1],
    ]);
    expectGradients(() => tf.sum(tf.square(apply(z, createPass()))), [...scope.variables.values()]);
  });

  it('gives its biases for the code zero when nothing else is learned yet', () => {
    const apply = applyOf(buildComponent('decoder', type).build(createTestScope(), sizes));
    expect(valuesOf(apply(tf.zeros([1, 2]), createPass()))).toEqual([0, 0, 0, 0]);
  });
});

describe('the decoder linear', () => {
  it('is affine in the code', () => {
    const apply = applyOf(buildComponent('decoder', { type: 'linear', initializer: 'fan-in-uniform' }).build(createTestScope(), sizes));
    const at = (z: readonly number[]): tf.Tensor => apply(tf.tensor2d([...z], [1, 2]), createPass());
    const middle = valuesOf(tf.mul(tf.add(at([2, -4]), at([0, 1])), 0.5));
    valuesOf(at([1, -1.5])).forEach((value, i) => expect(value).toBeCloseTo(middle[i]!, 6));
  });
});
