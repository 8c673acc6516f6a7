import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { activationNames, activations, type ActivationName } from '../../../src/components/shared/activations.js';
import { expectGradient } from '../../support/finite-differences.js';
import { useCpuBackend, valuesOf } from '../../support/pass.js';

useCpuBackend();

/** At -1, 0 and 2, from the definitions. */
const worked: Readonly<Record<ActivationName, readonly [number, number, number]>> = {
  relu: [0, 0, 2],
  'leaky-relu': [-0.01, 0, 2],
  elu: [-0.632121, 0, 2],
  selu: [-1.111331, 0, 2.101402],
  gelu: [-0.158655, 0, 1.9545],
  swish: [-0.268941, 0, 1.761594],
  softplus: [0.313262, 0.693147, 2.126928],
  tanh: [-0.761594, 0, 0.964028],
  sigmoid: [0.268941, 0.5, 0.880797],
};

describe.each(activationNames)('%s', (name) => {
  it('has the values of its definition', () => {
    valuesOf(activations[name](tf.tensor1d([-1, 0, 2]))).forEach((value, i) => {
      expect(value).toBeCloseTo(worked[name][i]!, 5);
    });
  });

  it('has the gradient of its values', () => {
    expectGradient((x) => tf.sum(tf.mul(activations[name](x), [1, -2, 0.5, 3])), [-1.3, -0.4, 0.3, 1.7]);
  });

  it('keeps the shape of an empty tensor', () => {
    expect(activations[name](tf.zeros([0, 3])).shape).toEqual([0, 3]);
  });

  it('is finite far from zero', () => {
    const far = valuesOf(activations[name](tf.tensor1d([-1e4, 1e4])));
    expect(far.every(Number.isFinite)).toBe(true);
  });
});
