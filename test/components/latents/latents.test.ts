import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { buildComponent } from '../../support/build.js';
import { createFixedNoise, createSeededNoise, useCpuBackend, valueOf, valuesOf } from '../../support/pass.js';

useCpuBackend();

const varianceOf = (values: readonly number[]): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
};

describe('latents', () => {
  it('a number is the size of a standard normal code', () => {
    const latent = buildComponent('latent', 3);
    expect(latent.size).toBe(3);
    expect(varianceOf(valuesOf(latent.sample(createSeededNoise(), 'z', 2000)))).toBeCloseTo(1, 1);
  });

  it('uniform codes lie between their bounds', () => {
    const values = valuesOf(buildComponent('latent', { type: 'uniform', size: 2, low: 1, high: 3 }).sample(createSeededNoise(), 'z', 1000));
    expect([Math.min(...values) >= 1, Math.max(...values) < 3]).toEqual([true, true]);
    expect(varianceOf(values)).toBeCloseTo(4 / 12, 1);
  });

  it('categorical codes pick the class whose share of [0, 1) the draw falls into', () => {
    const latent = buildComponent('latent', { type: 'categorical', classes: 3 });
    const noise = createFixedNoise({ c: [0, 0.34, 0.99999999] });
    expect(valuesOf(latent.sample(noise, 'c', 3))).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(valueOf(latent.inference!.logProb(tf.tensor2d([[0, 1, 0]]), tf.tensor2d([[0, Math.log(2), 0]])))).toBeCloseTo(
      Math.log(1 / 2),
      6,
    );
  });

  it('a mixture has its centres on a circle', () => {
    const latent = buildComponent('latent', { type: 'mixture', components: 4, size: 3, radius: 2, deviation: 0.5 });
    const noise = createFixedNoise({ 'z-component': [0.3, 0.6], 'z-offset': [1, 0, 2, 0, 0, 0] });
    const expected = [0.5, 2, 1, -2, 0, 0];
    valuesOf(latent.sample(noise, 'z', 2)).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    expect(latent.inference).toBeNull();
  });

  it('joint codes stand side by side, and their log densities add up', () => {
    const latent = buildComponent('latent', {
      type: 'joint',
      parts: [
        { type: 'categorical', classes: 2 },
        { type: 'normal', size: 1 },
      ],
    });
    expect([latent.size, latent.inference?.numParameters, latent.sample(createSeededNoise(), 'z', 5).shape]).toEqual([3, 4, [5, 3]]);
    const logProb = latent.inference!.logProb(tf.tensor2d([[1, 0, 0.5]]), tf.tensor2d([[0, 0, 0.5, 0]]));
    expect(valueOf(logProb)).toBeCloseTo(Math.log(1 / 2) - 0.5 * Math.log(2 * Math.PI), 5);
    expect(buildComponent('latent', { type: 'joint', parts: [2, { type: 'mixture' }] }).inference).toBeNull();
  });

  it('normal codes are inferred by a Gaussian', () => {
    const { inference } = buildComponent('latent', 1);
    // The scale's parameter u gives log scale 3 tanh(u / 3).
    const logScale = 3 * Math.tanh(0.6 / 3);
    const expected = -0.5 * ((2 - 0.5) / Math.exp(logScale)) ** 2 - logScale - 0.5 * Math.log(2 * Math.PI);
    expect(valueOf(inference!.logProb(tf.tensor2d([[2]]), tf.tensor2d([[0.5, 0.6]])))).toBeCloseTo(expected, 5);
  });
});
