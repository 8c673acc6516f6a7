/** Priors that are mixtures: of Gaussians that are learned, and of posteriors of learned examples (VampPrior). */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createPosterior } from '../../../src/components/shared/gaussian.js';
import type { PriorDistribution } from '../../../src/registry/contracts/index.js';
import { buildComponent } from '../../support/build.js';
import { expectGradients } from '../../support/finite-differences.js';
import { createPass, createSeededNoise, createTestScope, dataFacts, useCpuBackend, valueOf, valuesOf } from '../../support/pass.js';

useCpuBackend();

const standard = buildComponent('prior', 'standard-normal').build(createTestScope(), 2);
const points = tf.tensor2d([
  [0, 0],
  [1, -2],
  [0.3, 0.7],
]);

describe('the mixture prior', () => {
  it('is the standard normal where all Gaussians are', () => {
    const mixture = buildComponent('prior', { type: 'mixture', components: 4, spread: 0 }).build(createTestScope(), 2);
    valuesOf(mixture.logProb(points)).forEach((value, i) => expect(value).toBeCloseTo(valuesOf(standard.logProb(points))[i]!, 5));
  });

  it('is the weighted sum of its Gaussians, by hand', () => {
    const scope = createTestScope();
    const mixture = buildComponent('prior', { type: 'mixture', components: 2 }).build(scope, 1);
    scope.set('means', [-1, 2]);
    scope.set('weights', [0, Math.log(3)]);
    const density = (z: number): number => Math.exp(-(z ** 2) / 2) / Math.sqrt(2 * Math.PI);
    expect(valueOf(mixture.logProb(tf.tensor2d([[0.5]])))).toBeCloseTo(Math.log(0.25 * density(1.5) + 0.75 * density(-1.5)), 5);
    const drawn = valuesOf(mixture.sample(createSeededNoise(), 20_000));
    expect(drawn.reduce((sum, z) => sum + z, 0) / drawn.length).toBeCloseTo(-0.25 + 1.5, 1);
  });

  it('has the gradients of its values by weights, means and scales', () => {
    const scope = createTestScope();
    const mixture = buildComponent('prior', { type: 'mixture', components: 3 }).build(scope, 2);
    expectGradients(() => tf.sum(mixture.logProb(points)), [...scope.variables.values()]);
  });
});

describe('the VampPrior', () => {
  const create = (encode: (x: tf.Tensor) => ReturnType<typeof createPosterior>): PriorDistribution => {
    const built = buildComponent('prior', { type: 'vamp', components: 3 }).build(createTestScope(), 2, dataFacts([2], 'real'));
    return built.within?.(encode, createPass()) ?? built;
  };

  it('is the standard normal where each of its posteriors is', () => {
    const vamp = create((x) => createPosterior(tf.zeros([x.shape[0], 4]), 'exp'));
    valuesOf(vamp.logProb(points)).forEach((value, i) => expect(value).toBeCloseTo(valuesOf(standard.logProb(points))[i]!, 5));
  });

  it('is the mean of the posteriors of its pseudo-inputs', () => {
    const encode = (x: tf.Tensor) => createPosterior(tf.concat([x, tf.mul(x, 0.2)], 1), 'exp');
    const given: tf.Tensor[] = [];
    const vamp = create((x) => {
      given.push(x);
      return encode(x);
    });
    const each = encode(given[0] ?? tf.zeros([0, 2]));
    const densities = tf.exp(each.logProb(tf.tile(tf.expandDims(points, 1), [1, 3, 1])));
    const expected = valuesOf(tf.log(tf.mean(densities, 1)));
    valuesOf(vamp.logProb(points)).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
  });

  it('belongs to the decoder and learns through the encoder, whose gradients it has as well', () => {
    const scope = createTestScope();
    const model = buildComponent('model', {
      ...{ type: 'vae', latent: 2, prior: { type: 'vamp', components: 2 } },
      encoder: { type: 'mlp', hidden: [2], activation: 'tanh' },
      decoder: { type: 'linear' },
    });
    const forward = model.build(scope, dataFacts([3]));
    const variables = [...scope.variables].filter(([path]) => path.startsWith('encoder') || path.includes('pseudo'));
    expect(variables.at(-1)?.[0]).toBe('decoder/prior/pseudo-inputs');
    expectGradients(
      () => {
        const pass = {
          training: true,
          noise: createSeededNoise(),
          once: (_: object, make: () => tf.Tensor) => make(),
          remember: () => undefined,
        };
        return tf.sum(forward({}, pass).prior.logProb(points));
      },
      variables.map(([, variable]) => variable),
    );
  });

  it('says that it needs an encoder', () => {
    const built = buildComponent('prior', 'vamp').build(createTestScope(), 2, dataFacts([2]));
    expect(() => built.logProb(points)).toThrow('needs the encoder');
  });
});
