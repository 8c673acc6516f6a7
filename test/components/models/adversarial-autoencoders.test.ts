/** Models of several players beside the GAN: what they show the discriminator, and whose gradients reach whom. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Batch, Offers } from '../../../src/registry/contracts/index.js';
import { buildComponent } from '../../support/build.js';
import { createPass, createTestScope, dataFacts, useCpuBackend, valuesOf, type TestScope } from '../../support/pass.js';

useCpuBackend();

const small = { type: 'mlp', hidden: [3] };
const networks = { encoder: small, decoder: small, discriminator: small };
const entries = [
  { type: 'aae', latent: 2, ...networks },
  { type: 'vae-gan', latent: 2, ...networks },
  { type: 'factor-vae', latent: 2, ...networks },
  { type: 'bigan', latent: 2, encoder: small, generator: small, discriminator: small },
  { type: 'bigan', latent: 2, encoder: small, generator: small, discriminator: small, stochastic: true },
];
const data = { ...dataFacts([4]), numClasses: 3 };
const batch = (): Batch => ({ x: tf.tensor2d([0, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0], [3, 4]), labels: tf.tensor1d([0, 2, 1], 'int32') });

const build = (entry: unknown): { readonly offers: () => Offers; readonly scope: TestScope } => {
  const scope = createTestScope(4);
  const forward = buildComponent('model', entry).build(scope, data);
  return { scope, offers: () => forward(batch(), createPass()) };
};

describe.each(entries)('the model $type', (entry) => {
  it('names each variable by one of its players, and updates all of them in a round', () => {
    const { players, updates = [] } = buildComponent('model', entry);
    const { scope } = build(entry);
    expect(new Set([...scope.variables.keys()].map((path) => path.split('/')[0]))).toEqual(new Set(players));
    expect(new Set(updates.flat())).toEqual(new Set(players));
  });

  it('gives all that it offers, and shapes the real and the fake alike', () => {
    const { offers } = build(entry);
    const given = offers();
    for (const name of buildComponent('model', entry).offers) expect(given[name], name).toBeDefined();
    expect(given.real.shape).toEqual(given.fake.shape);
    expect(given['discriminator.real'].logits.shape).toEqual([3]);
    expect(given.reconstruction.shape).toEqual([3, 4]);
    expect(given.generate(tf.zeros([5, 2])).shape).toEqual([5, 4]);
  });

  it('lets its discriminator’s losses reach all of the discriminator', () => {
    const { offers, scope } = build(entry);
    const variables = [...scope.variables].filter(([path]) => path.startsWith('discriminator/')).map(([, variable]) => variable);
    const { grads } = tf.variableGrads(() => {
      const { 'discriminator.real': real, 'discriminator.fake': fake } = offers();
      return tf.reshape<tf.Rank.R0>(tf.add(tf.mean(tf.square(real.logits)), tf.mean(tf.softplus(fake.logits))), []);
    }, variables);
    for (const variable of variables) expect(grads[variable.name]).toBeDefined();
  });
});

describe('FactorVAE', () => {
  it('permutes each dimension of the codes by itself', () => {
    const given = build(entries[2]).offers();
    const [real, fake] = [valuesOf(given.real), valuesOf(given.fake)];
    const column = (values: readonly number[], j: number): readonly number[] => values.filter((_, i) => i % 2 === j);
    expect(column(fake, 0)).toEqual(column(real, 0));
    const [a, b, c] = column(real, 1);
    expect(column(fake, 1)).toEqual([c, a, b]);
  });
});

describe('the classifier', () => {
  it('gives logits for each class, and refuses data without any', () => {
    const { offers } = build({ type: 'classifier', network: small });
    expect(offers()['class.logits'].shape).toEqual([3, 3]);
    const facts = { data: { ...data, numClasses: null }, counts: null, latent: 0, offers: [], players: [], metricColumns: [] };
    expect(buildComponent('model', { type: 'classifier', network: small }).check?.(facts)?.message).toContain('has none');
  });
});
