/** Losses that look at the codes of a batch together: `beta-tcvae`, `dip` and `mmd`. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPosterior } from '../../../src/components/shared/gaussian.js';
import { buildComponent } from '../../support/build.js';
import { expectGradient } from '../../support/finite-differences.js';
import { createSeededNoise, createTestScope, useCpuBackend, valueOf } from '../../support/pass.js';
import { partOf } from './parts.js';

useCpuBackend();

const prior = (latent: number) => buildComponent('prior', 'standard-normal').build(createTestScope(), latent);
const latentOffers = (output: tf.Tensor, numSamples = 1, seed = 1) => {
  const posterior = createPosterior(output, 'exp');
  return { posterior, prior: prior(2), z: posterior.sample(createSeededNoise(seed), numSamples) };
};
const numbers = (count: number) => fc.array(fc.double({ min: -1.5, max: 1.5, noNaN: true }), { minLength: count, maxLength: count });

describe('beta-tcvae', () => {
  const part = (name: string, output: tf.Tensor, numSamples = 1): number => {
    const none = { mutualInformation: 0, totalCorrelation: 0, dimensionWise: 0 };
    return valueOf(partOf({ type: 'beta-tcvae', ...none, [name]: 1 }, 'encoder', latentOffers(output, numSamples)));
  };
  const parts = ['mutualInformation', 'totalCorrelation', 'dimensionWise'];

  it('splits the divergence: the three parts add up to log q(z|x) - log p(z) at the samples', () => {
    fc.assert(
      fc.property(numbers(16), (values) => {
        const output = tf.tensor2d(values, [4, 4]);
        const sum = parts.reduce((total, name) => total + part(name, output, 3), 0);
        expect(sum).toBeCloseTo(valueOf(partOf('kl-monte-carlo', 'encoder', latentOffers(output, 3))), 3);
      }),
      { numRuns: 30 },
    );
  });

  it('finds no information in posteriors that are all the same, and no correlation', () => {
    const output = tf.tile(tf.tensor2d([[0.3, -0.2, 0.1, 0.4]]), [5, 1]);
    expect(part('mutualInformation', output)).toBeCloseTo(0, 5);
    expect(part('totalCorrelation', output)).toBeCloseTo(0, 5);
  });

  it('finds ln B nats of information in posteriors that are far apart, by hand', () => {
    // Three posteriors along a diagonal: each code says which example it is, and each latent says the same.
    const output = tf.tensor2d([
      [-100, -100, 0, 0],
      [0, 0, 0, 0],
      [100, 100, 0, 0],
    ]);
    expect(part('mutualInformation', output)).toBeCloseTo(Math.log(3), 4);
    expect(part('totalCorrelation', output)).toBeCloseTo(Math.log(3), 4);
  });

  it('has the gradients of its values', () => {
    expectGradient(
      (flat) => partOf('beta-tcvae', 'encoder', latentOffers(tf.reshape(flat, [2, 4]), 2)),
      [0.4, -1, 0.3, -0.5, 1.2, 0, -0.8, 0.6],
    );
  });
});

describe('dip', () => {
  /** Posterior means with the identity as covariance, and scales. */
  const posterior = (means: readonly number[], logScale: number) =>
    createPosterior(tf.concat([tf.tensor2d([...means], [4, 2]), tf.fill([4, 2], logScale)], 1), 'exp');
  const value = (loss: object, given: ReturnType<typeof posterior>): number =>
    valueOf(partOf({ type: 'dip', ...loss }, 'encoder', { posterior: given }));
  const square = [1, 1, 1, -1, -1, 1, -1, -1];

  it('is nothing where the covariance is the identity', () => {
    expect(value({}, posterior(square, 0))).toBeCloseTo(0, 6);
    // Means on a smaller square, with scales that make up for it.
    const half = square.map((mean) => mean * Math.SQRT1_2);
    expect(value({ covarianceOf: 'samples' }, posterior(half, -0.5 * Math.log(2)))).toBeCloseTo(0, 5);
  });

  it('weighs variances and covariances, by hand', () => {
    // Both latents equal: variances 1, covariances 1.
    const line = [1, 1, 1, 1, -1, -1, -1, -1];
    expect(value({ offDiagonal: 3, diagonal: 7 }, posterior(line, 0))).toBeCloseTo(2 * 3, 5);
    // Variances 4.
    expect(
      value(
        { offDiagonal: 3, diagonal: 7 },
        posterior(
          square.map((mean) => 2 * mean),
          0,
        ),
      ),
    ).toBeCloseTo(2 * 7 * 9, 3);
    // DIP-VAE-II adds a variance of 1 of the samples.
    expect(value({ covarianceOf: 'samples', offDiagonal: 3, diagonal: 7 }, posterior(square, 0))).toBeCloseTo(2 * 7, 4);
  });

  it.each(['means', 'samples'])('has the gradients of its values, of %s', (covarianceOf) => {
    expectGradient(
      (flat) => partOf({ type: 'dip', covarianceOf, diagonal: 5, offDiagonal: 2 }, 'encoder', latentOffers(tf.reshape(flat, [3, 4]))),
      [0.4, -1, 0.3, -0.5, 1.2, 0, -0.8, 0.6, 0.1, 0.2, -0.3, 0.5],
    );
  });
});

describe('mmd', () => {
  const normals = (seed: number, count: number, shift = 0): tf.Tensor =>
    tf.add(tf.reshape(createSeededNoise(seed).normal('codes', [count, 2]), [1, count, 2]), shift);
  const value = (kernel: string, z: tf.Tensor, seed = 1): number =>
    valueOf(partOf({ type: 'mmd', kernel }, 'encoder', { z, prior: prior(2) }, createSeededNoise(seed)));

  it.each([
    ['imq', (d: number, c: number) => c / (c + d)],
    ['rbf', (d: number, c: number) => Math.exp(-d / c)],
  ])('with %s is the sum over pairs, by hand', (kernel, k) => {
    // Codes 0 and 1, draws of the prior 0 and 3, one latent: C = 2.
    const draws = { sample: () => tf.tensor2d([[0], [3]]), logProb: () => tf.zeros([2]), kl: null };
    const found = partOf({ type: 'mmd', kernel, scales: [1] }, 'encoder', { z: tf.tensor3d([[[0], [1]]]), prior: draws });
    expect(valueOf(found)).toBeCloseTo(k(1, 2) + k(9, 2) - (2 * (1 + k(9, 2) + k(1, 2) + k(4, 2))) / 4, 5);
  });

  it.each(['imq', 'rbf'])('with %s is 0 on average where codes are as the prior has them, and not where they are moved', (kernel) => {
    const values = Array.from({ length: 60 }, (_, i) => value(kernel, normals(i + 100, 30), i));
    const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (values.length - 1));
    expect(Math.abs(mean)).toBeLessThan((4 * deviation) / Math.sqrt(values.length));
    expect(values.some((each) => each < 0)).toBe(true);
    expect(value(kernel, normals(5, 30, 2))).toBeGreaterThan(5 * deviation);
  });

  it.each(['imq', 'rbf'])('with %s has the gradients of its values', (kernel) => {
    expectGradient(
      (flat) => partOf({ type: 'mmd', kernel, scales: [0.5, 1] }, 'encoder', { z: tf.reshape(flat, [1, 3, 2]), prior: prior(2) }),
      [0.4, -1, 0.3, -0.5, 1.2, 0],
    );
  });
});
