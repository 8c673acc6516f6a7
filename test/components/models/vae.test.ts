import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DataFacts, Facts, Offers } from '../../../src/registry/contracts/index.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { buildComponent } from '../../support/build.js';
import { expectGradients } from '../../support/finite-differences.js';
import { createPass, createSeededNoise, createTestScope, dataFacts, useCpuBackend, valueOf, valuesOf } from '../../support/pass.js';

useCpuBackend();

const small = {
  type: 'vae',
  latent: 2,
  encoder: { type: 'mlp', hidden: [4], activation: 'tanh' },
  decoder: { type: 'mlp', hidden: [3], activation: 'tanh' },
};
const shape = [2, 2, 1];
const x = (): tf.Tensor => tf.tensor([1, 0, 0, 1, 0, 1, 1, 1, 0, 0, 0, 1], [3, ...shape]);

const create = (entry: object = {}, facts: DataFacts = dataFacts(shape), seed = 1) => {
  const scope = createTestScope(seed);
  const model = buildComponent('model', { ...small, ...entry });
  return { model, scope, forward: model.build(scope, facts) };
};
const negativeElbo = ({ x: examples, likelihood, kl }: Offers): tf.Tensor =>
  tf.sub(tf.mean(tf.sum(kl, -1)), tf.mean(likelihood.logProb(examples)));

describe('the VAE', () => {
  it('has an encoder and a decoder that every variable belongs to', () => {
    const { model, scope } = create({ likelihood: 'gaussian' });
    expect(model.players).toEqual(['encoder', 'decoder']);
    expect([...scope.variables.keys()]).toEqual([
      'encoder/hidden-0/kernel',
      'encoder/hidden-0/bias',
      'encoder/output/kernel',
      'encoder/output/bias',
      'decoder/hidden-0/kernel',
      'decoder/hidden-0/bias',
      'decoder/output/kernel',
      'decoder/output/bias',
      'decoder/likelihood/scale',
    ]);
  });

  it.each([1, 4])('offers what it says, in the shapes of the contract, with %d samples', (samples) => {
    const { model, forward } = create({ samples });
    const offers = forward({ x: x() }, createPass());
    expect(model.offers).toEqual([
      ...['x', 'posterior', 'z', 'likelihood', 'reconstruction', 'prior', 'kl', 'encode', 'decode'],
      ...['sampleLatent', 'generate'],
    ]);
    for (const name of model.offers) expect(offers[name], name).toBeDefined();
    expect(() => offers.labels).toThrow('does not offer "labels"');
    expect(offers.posterior.mean.shape).toEqual([3, 2]);
    expect(offers.z.shape).toEqual([samples, 3, 2]);
    expect(offers.kl.shape).toEqual([3, 2]);
    expect(offers.likelihood.mean.shape).toEqual([samples, 3, ...shape]);
    expect(offers.likelihood.logProb(offers.x).shape).toEqual([samples, 3]);
    expect(offers.posterior.logProb(offers.z).shape).toEqual([samples, 3]);
  });

  it('decodes codes with any leading axes', () => {
    const { forward } = create();
    const { decode } = forward({}, createPass());
    const codes = tf.randomNormal([2, 3, 5, 2]);
    const together = decode(codes).mean;
    expect(together.shape).toEqual([2, 3, 5, ...shape]);
    expect(decode(tf.tensor1d([0, 1])).mean.shape).toEqual(shape);
    const flat = decode(tf.reshape(codes, [30, 2])).mean;
    expect(valuesOf(together)).toEqual(valuesOf(flat));
  });

  it('decodes twice as many values for a likelihood with two parameters each', () => {
    const { forward, scope } = create({ likelihood: { type: 'gaussian', scale: 'per-value' } }, dataFacts(shape, 'real'));
    expect(scope.variables.get('decoder/output/bias')?.shape).toEqual([8]);
    expect(forward({ x: x() }, createPass()).likelihood.mean.shape).toEqual([1, 3, ...shape]);
  });

  it('has the gradients of its bound by every variable', () => {
    const { scope, forward } = create({ samples: 2 }, dataFacts(shape), 4);
    expectGradients(() => negativeElbo(forward({ x: x() }, createPass())), [...scope.variables.values()]);
  });

  it('has the gradients of its bound with a learned Gaussian scale', () => {
    const { scope, forward } = create(
      { likelihood: 'gaussian', encoder: { type: 'linear', scale: 'exp' }, decoder: 'linear' },
      dataFacts(shape, 'real'),
      4,
    );
    expectGradients(() => negativeElbo(forward({ x: x() }, createPass())), [...scope.variables.values()]);
  });

  it('gives the batch the same noise whatever is encoded and decoded beside', () => {
    const { forward } = create();
    const alone = valuesOf(forward({ x: x() }, createPass()).z);
    const noise = createSeededNoise();
    const offers = forward({ x: x() }, createPass(noise));
    const beside = [0, 1].map(() => valuesOf(offers.encode(x()).sample(noise, 1)));
    offers.decode(tf.zeros([1, 2])).sample(noise);
    offers.decode(tf.zeros([1, 2])).sample(noise);
    expect(valuesOf(offers.z)).toEqual(alone);
    expect(beside[0]).not.toEqual(beside[1]);
  });

  it('says when a pass without examples is asked for their posterior', () => {
    const { forward } = create();
    expect(() => forward({}, createPass()).z).toThrow('no examples');
  });

  it('refuses data that its likelihood is no density for', () => {
    const facts = (data: DataFacts | null): Facts => ({
      data,
      counts: null,
      latent: 2,
      offers: [],
      players: [],
      metricColumns: [],
      trainingColumns: [],
    });
    const model = buildComponent('model', { ...small, likelihood: 'bernoulli' });
    expect(model.check?.(facts(null))).toBeNull();
    expect(model.check?.(facts(dataFacts(shape, 'unit-interval')))).toBeNull();
    expect(model.check?.(facts(dataFacts(shape, 'real')))).toMatchObject({
      param: 'likelihood',
      message: 'has a likelihood for values of 0 and 1 or values from 0 to 1, and the data has real values',
      help: 'For real values there is `gaussian` or `laplace`; or change how the data is read.',
    });
    const gaussian = buildComponent('model', { ...small, likelihood: 'gaussian' });
    expect(gaussian.check?.(facts(dataFacts(shape, 'binary')))?.message).toBe(
      'has a likelihood for values from 0 to 1 or real values, and the data has values of 0 and 1',
    );
  });

  it('leaves no tensor behind', () => {
    const { forward } = create();
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      valueOf(negativeElbo(forward({ x: x() }, createPass())));
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('an untrained VAE of 784 binary values', () => {
  const digits = (random: ReturnType<typeof createRandomStreams>): tf.Tensor => {
    // As dense as MNIST's digits, of which 13 % of pixels are on.
    const values = new Float32Array(32 * 784);
    random.draws('x', 0).uniform(values);
    return tf.tensor(
      values.map((value) => (value < 0.13 ? 1 : 0)),
      [32, 28, 28, 1],
    );
  };

  it.each(['glorot-uniform', 'fan-in-uniform'])('starts at 784 ln 2 = 543.4 nats and a small divergence with %s', (initializer) => {
    const network = { type: 'mlp', hidden: [500], initializer };
    const { forward } = create({ latent: 20, encoder: network, decoder: network }, dataFacts([28, 28, 1]));
    const offers = forward({ x: digits(createRandomStreams(1)) }, createPass());
    const divergence = valueOf(tf.mean(tf.sum(offers.kl, -1)));
    expect(divergence).toBeGreaterThan(0);
    expect(divergence).toBeLessThan(8);
    expect(Math.abs(valueOf(negativeElbo(offers)) - divergence - 784 * Math.LN2)).toBeLessThan(8);
  });
});

describe('the divergence that the VAE offers', () => {
  it('is what its samples say, whatever the weights', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (seed) => {
        const numSamples = 20_000;
        const { forward } = create({ samples: numSamples }, dataFacts(shape), seed);
        const { posterior, prior, z, kl } = forward({ x: x() }, createPass());
        const { mean, variance } = tf.moments(tf.sub(posterior.logProb(z), prior.logProb(z)), 0);
        const closed = valuesOf(tf.sum(kl, -1));
        const deviations = valuesOf(tf.sqrt(tf.div(variance, numSamples)));
        valuesOf(mean).forEach((estimate, i) => expect(Math.abs(estimate - closed[i]!)).toBeLessThan(5 * deviations[i]! + 1e-4));
      }),
      { numRuns: 10, seed: 1 },
    );
  });
});
