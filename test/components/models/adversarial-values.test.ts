/** Models of several players beside the GAN, made of matrices: each offer against numbers worked by hand. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import aae from '../../../src/components/models/aae.js';
import bigan from '../../../src/components/models/bigan.js';
import classifier from '../../../src/components/models/classifier.js';
import factorVae from '../../../src/components/models/factor-vae.js';
import vaeGan from '../../../src/components/models/vae-gan.js';
import type { Encoder, Model, Offers } from '../../../src/registry/contracts/index.js';
import { buildComponent } from '../../support/build.js';
import { createFixedNoise, createPass, createTestScope, dataFacts, useCpuBackend, valuesOf } from '../../support/pass.js';

useCpuBackend();

/** x W, with the condition behind x: a network of any kind. The features are what comes in. */
const matrix = (rows: readonly (readonly number[])[]): Encoder => ({
  scale: 'exp',
  build: (scope) => {
    const kernel = scope.variable('kernel', [rows.length, rows[0]?.length ?? 1], (out) => out.set(rows.flat()));
    return {
      numFeatures: rows.length,
      apply: (x, _, condition) => {
        const features = condition === undefined ? x : tf.concat([x, condition], 1);
        return { output: tf.matMul(features, kernel), features };
      },
    };
  },
});

const data = { ...dataFacts([2], 'real'), numClasses: 2 };
const likelihood = buildComponent('likelihood', 'gaussian');
const posterior = buildComponent('posterior', 'gaussian');
const prior = buildComponent('prior', 'standard-normal');
/** Codes of one number, z = x1 + 2 x2: 3 and 2 for the examples below. */
const toCode = matrix([[1], [2]]);
/** The same as a mean, with log scale 0. */
const toPosterior = matrix([
  [1, 0],
  [2, 0],
]);
const fromCode = matrix([[3, -1]]);

const offersOf = (model: Model, noise: Readonly<Record<string, readonly number[]>>): Offers =>
  model.build(createTestScope(), data)(
    {
      x: tf.tensor2d([
        [1, 1],
        [2, 0],
      ]),
      labels: tf.tensor1d([0, 1], 'int32'),
    },
    createPass(createFixedNoise(noise)),
  );

const expectClose = (tensor: tf.Tensor, shape: readonly number[], expected: readonly number[]): void => {
  expect(tensor.shape).toEqual(shape);
  valuesOf(tensor).forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 5));
};

describe('an AAE', () => {
  const latent = buildComponent('latent', 1);
  const model = aae.build({ latent, encoder: toCode, decoder: fromCode, likelihood, discriminator: matrix([[0.5]]) });
  const offers = (): Offers => offersOf(model, { latent: [4, -2] });

  it('shows the discriminator draws of its latent and codes of the examples', () => {
    expectClose(offers().real, [2, 1], [4, -2]);
    expectClose(offers().fake, [2, 1], [3, 2]);
    expectClose(offers().z, [1, 2, 1], [3, 2]);
    expectClose(offers()['discriminator.real'].logits, [2], [2, -1]);
    expectClose(offers()['discriminator.fake'].logits, [2], [1.5, 1]);
    expectClose(offers().discriminate(tf.tensor2d([[6]])).logits, [1], [3]);
  });

  it('decodes the codes of examples, and any others', () => {
    expectClose(offers().reconstruction, [2, 2], [9, -3, 6, -2]);
    expectClose(offers().likelihood.mean, [1, 2, 2], [9, -3, 6, -2]);
    expectClose(offers().encode(tf.tensor2d([[5, 1]])).mean, [1, 1], [7]);
    expectClose(offers().generate(tf.tensor2d([[1], [2]])), [2, 2], [3, -1, 6, -2]);
    expectClose(offers().sampleLatent(createFixedNoise({ latent: [7] }), 1), [1, 1], [7]);
  });
});

describe('a VAE-GAN', () => {
  const parts = { latent: 1, encoder: toPosterior, decoder: fromCode, likelihood, posterior, prior };
  const model = vaeGan.build({ ...parts, samples: 2, discriminator: matrix([[1], [1]]) });
  const offers = (): Offers => offersOf(model, { posterior: [1, 1, -1, 0], 'generator/prior': [1, -1] });

  it('reconstructs by the mean over the samples', () => {
    expectClose(offers().z, [2, 2, 1], [4, 3, 2, 2]);
    expectClose(offers().reconstruction, [2, 2], [9, -3, 7.5, -2.5]);
  });

  it('shows the discriminator examples, what is made of the prior, and reconstructions', () => {
    expectClose(offers().fake, [2, 2], [3, -1, -3, 1]);
    expectClose(offers()['discriminator.real'].logits, [2], [2, 2]);
    expectClose(offers()['discriminator.fake'].logits, [2], [2, -2]);
    expectClose(offers()['discriminator.reconstruction'].logits, [2], [6, 5]);
    expectClose(offers()['discriminator.reconstruction'].features, [2, 2], [9, -3, 7.5, -2.5]);
  });
});

describe('a FactorVAE', () => {
  it('shows the discriminator the first sample of each posterior', () => {
    const parts = { latent: 1, encoder: toPosterior, decoder: fromCode, likelihood, posterior, prior };
    const offers = offersOf(factorVae.build({ ...parts, samples: 2, discriminator: matrix([[2]]) }), { posterior: [1, 1, -1, 0] });
    expectClose(offers.real, [2, 1], [4, 3]);
    expectClose(offers['discriminator.real'].logits, [2], [8, 6]);
  });
});

describe('a BiGAN', () => {
  const parts = {
    latent: buildComponent('latent', 1),
    generator: fromCode,
    discriminator: matrix([[1], [1], [10]]),
    output: 'auto',
  } as const;

  it('shows the discriminator pairs of example and code', () => {
    const offers = offersOf(bigan.build({ ...parts, encoder: toCode, stochastic: false }), { latent: [1, -1] });
    expectClose(offers['discriminator.real'].logits, [2], [2 + 30, 2 + 20]);
    expectClose(offers['discriminator.fake'].logits, [2], [2 + 10, -2 - 10]);
    expectClose(offers.reconstruction, [2, 2], [9, -3, 6, -2]);
    expectClose(offers.encode(tf.tensor2d([[5, 1]])).mean, [1, 1], [7]);
  });

  it('draws the codes of examples where it is told to (ALI)', () => {
    const offers = offersOf(bigan.build({ ...parts, encoder: toPosterior, stochastic: true }), { latent: [1, -1], posterior: [1, 0] });
    expectClose(offers['discriminator.real'].logits, [2], [2 + 40, 2 + 20]);
    expectClose(offers.encode(tf.tensor2d([[5, 1]])).mean, [1, 1], [7]);
  });

  it('keeps what it makes within the range of the data', () => {
    const model = bigan.build({ ...parts, encoder: toCode, stochastic: false });
    const forward = model.build(createTestScope(), { ...data, support: 'unit-interval' });
    expectClose(forward({}, createPass()).generate(tf.tensor2d([[1]])), [1, 2], [1 / (1 + Math.exp(-3)), 1 / (1 + Math.exp(1))]);
  });
});

describe('a classifier', () => {
  it('gives what its network makes of the examples', () => {
    const offers = offersOf(classifier.build({ network: toPosterior }), {});
    expectClose(offers['class.logits'], [2, 2], [3, 0, 2, 0]);
    expect(valuesOf(offers.labels)).toEqual([0, 1]);
  });
});
