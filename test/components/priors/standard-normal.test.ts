import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createPosterior } from '../../../src/components/shared/gaussian.js';
import { buildComponent } from '../../support/build.js';
import { expectGradient } from '../../support/finite-differences.js';
import { createFixedNoise, createTestScope, useCpuBackend, valueOf, valuesOf } from '../../support/pass.js';

useCpuBackend();

const prior = (latent: number) => buildComponent('prior', 'standard-normal').build(createTestScope(), latent);

describe('the unit Gaussian as a prior', () => {
  it('has the density exp(-|z|^2 / 2) / (2 pi)^(Z / 2), over any leading axes', () => {
    const logProb = prior(2).logProb(
      tf.tensor3d([
        [
          [0, 0],
          [3, 4],
        ],
      ]),
    );
    expect(logProb.shape).toEqual([1, 2]);
    [-Math.log(2 * Math.PI), -12.5 - Math.log(2 * Math.PI)].forEach((value, i) => expect(valuesOf(logProb)[i]).toBeCloseTo(value, 5));
    expectGradient((z) => tf.sum(prior(2).logProb(tf.reshape(z, [1, 2]))), [0.3, -1.2]);
  });

  it('draws the noise itself', () => {
    expect(valuesOf(prior(2).sample(createFixedNoise({ prior: [1, 2, 3, 4, 5, 6] }), 3))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('has a closed form of the divergence per latent: none for itself, mean^2 / 2 for a shift', () => {
    const { kl } = prior(2);
    expect(buildComponent('prior', 'standard-normal').hasClosedFormKl).toBe(kl !== null);
    const divergence = kl?.(createPosterior(tf.tensor2d([[0, 3, 0, 0]]), 'exp'));
    expect(divergence === undefined ? null : valuesOf(divergence)).toEqual([0, 4.5]);
  });

  it('works with one latent and an empty batch', () => {
    expect(prior(1).logProb(tf.zeros([0, 1])).shape).toEqual([0]);
    expect(valueOf(prior(1).logProb(tf.zeros([1])))).toBeCloseTo(-0.5 * Math.log(2 * Math.PI), 6);
  });
});
