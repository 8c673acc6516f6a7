import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPosterior, klToStandardNormal, standardNormalLogProb } from '../../../src/components/shared/gaussian.js';
import { expectGradient } from '../../support/finite-differences.js';
import { createFixedNoise, createSeededNoise, useCpuBackend, valueOf, valuesOf } from '../../support/pass.js';

useCpuBackend();

const forms = ['softplus', 'exp'] as const;

describe.each(forms)('a posterior with a scale by %s', (form) => {
  it('takes means from the first half of the output, scales from the second', () => {
    const posterior = createPosterior(tf.tensor2d([[1, 2, 0, -1]]), form);
    const scales = form === 'exp' ? [1, Math.exp(-1)] : [Math.LN2, Math.log1p(Math.exp(-1))];
    expect(valuesOf(posterior.mean)).toEqual([1, 2]);
    valuesOf(posterior.scale).forEach((value, i) => expect(value).toBeCloseTo(scales[i]!, 6));
    valuesOf(posterior.logScale).forEach((value, i) => expect(value).toBeCloseTo(Math.log(scales[i]!), 6));
  });

  it('has the gradients of its divergence and its density', () => {
    expectGradient(
      (x) => tf.sum(klToStandardNormal(createPosterior(tf.reshape(x, [2, 4]), form))),
      [0.5, -1, 0.2, -0.7, 1.2, 0.1, -1.5, 0.8],
    );
    const z = tf.tensor3d([0.4, -0.3, 1.1, 0.2], [1, 2, 2]);
    expectGradient((x) => tf.sum(createPosterior(tf.reshape(x, [2, 4]), form).logProb(z)), [0.5, -1, 0.2, -0.7, 1.2, 0.1, -0.5, 0.8]);
  });

  it('has the gradients of its samples', () => {
    const noise = createFixedNoise({ posterior: [0.3, -1.2, 0.7, 2] });
    expectGradient((x) => tf.sum(tf.square(createPosterior(tf.reshape(x, [1, 4]), form).sample(noise, 2))), [0.5, -1, 0.2, -0.7]);
  });

  it('has finite gradients where the scale is as small as float32 can be', () => {
    const gradient = tf.grad((x) => tf.sum(klToStandardNormal(createPosterior(tf.reshape(x, [1, 2]), form))))(tf.tensor1d([0, -200]));
    expect(valuesOf(gradient)[1]).toBeCloseTo(-1, 5);
    const both = valuesOf(klToStandardNormal(createPosterior(tf.tensor2d([[0, -200]]), form)));
    expect(both[0]).toBeCloseTo(199.5, 3);
  });
});

describe('a posterior', () => {
  const posterior = (): ReturnType<typeof createPosterior> => createPosterior(tf.tensor2d([[1, -1, Math.log(2), Math.log(0.5)]]), 'exp');

  it('samples mean + scale * noise', () => {
    const z = posterior().sample(createFixedNoise({ posterior: [1, 1, -2, 0] }), 2);
    expect(z.shape).toEqual([2, 1, 2]);
    [3, -0.5, -3, -1].forEach((value, i) => expect(valuesOf(z)[i]).toBeCloseTo(value, 6));
  });

  it('has the density of a Gaussian, by hand', () => {
    // z = (3, -1): standardised (1, 0); -1/2 - ln(2 pi) - ln 2 - ln 1/2.
    expect(valueOf(posterior().logProb(tf.tensor3d([[[3, -1]]])))).toBeCloseTo(-0.5 - Math.log(2 * Math.PI), 5);
  });
});

describe('the divergence from the unit Gaussian', () => {
  const kl = (mean: number, logScale: number): number =>
    valueOf(klToStandardNormal(createPosterior(tf.tensor2d([[mean, logScale]]), 'exp')));

  it('is (mean^2 + scale^2 - 1) / 2 - ln scale', () => {
    expect(kl(0, 0)).toBe(0);
    expect(kl(1, 0)).toBeCloseTo(0.5, 6);
    expect(kl(1, Math.log(2))).toBeCloseTo((1 + 4 - 1) / 2 - Math.log(2), 6);
  });

  it('is never negative', () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: -5, max: 2, noNaN: true }), (mean, logScale) => {
        expect(kl(mean, logScale)).toBeGreaterThanOrEqual(-1e-6);
      }),
    );
  });

  it('is what log q(z) - log p(z) averages to', () => {
    const q = createPosterior(tf.tensor2d([[0.7, -1.2, -0.5, 0.3]]), 'exp');
    const z = q.sample(createSeededNoise(4), 200_000);
    const estimate = tf.moments(tf.sub(q.logProb(z), standardNormalLogProb(z)));
    const error = Math.sqrt(valueOf(estimate.variance) / 200_000);
    expect(Math.abs(valueOf(estimate.mean) - valueOf(tf.sum(klToStandardNormal(q))))).toBeLessThan(4 * error);
  });
});
