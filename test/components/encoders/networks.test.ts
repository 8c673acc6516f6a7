import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { buildComponent } from '../../support/build.js';
import { expectGradients } from '../../support/finite-differences.js';
import { applyOf, createPass, createTestScope, useCpuBackend, valuesOf } from '../../support/pass.js';

useCpuBackend();

const sizes = { input: [2, 1], output: [4] };
const entries = [
  { type: 'mlp', hidden: [3], activation: 'softplus', scale: 'exp' },
  { type: 'linear', initializer: 'he-normal', scale: 'exp' },
];

describe.each(entries)('the encoder $type', (entry) => {
  it('maps a batch of one to means and scales, linearly in its last layer', () => {
    const scope = createTestScope();
    const output = applyOf(buildComponent('encoder', entry).build(scope, sizes))(tf.ones([1, 2, 1]), createPass());
    expect(output.shape).toEqual([1, 4]);
    const before = valuesOf(output);
    expect(before.some((value) => value < 0)).toBe(true);
  });

  it('has the gradients of its values', () => {
    const scope = createTestScope(2);
    const apply = applyOf(buildComponent('encoder', entry).build(scope, sizes));
    const x = tf.tensor([0.2, -1, 0.7, 0.4], [2, 2, 1]);
    expectGradients(() => tf.sum(tf.square(apply(x, createPass()))), [...scope.variables.values()]);
  });

  it('says how its scale is meant, softplus if not told', () => {
    expect(buildComponent('encoder', entry).scale).toBe('exp');
    expect(buildComponent('encoder', entry.type).scale).toBe('softplus');
  });

  it('gives the same weights for the same seed, and others for another', () => {
    const weights = (seed: number): number[] => {
      const scope = createTestScope(seed);
      buildComponent('encoder', entry).build(scope, sizes);
      return [...scope.variables.values()].flatMap(valuesOf);
    };
    expect(weights(1)).toEqual(weights(1));
    expect(weights(1)).not.toEqual(weights(2));
  });
});
