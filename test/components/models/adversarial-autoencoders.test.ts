/** Models of several players beside the GAN: what they show the discriminator, and whose gradients reach whom. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Batch, Facts, Offers } from '../../../src/registry/contracts/index.js';
import { playersOf } from '../../../src/runner/train/losses.js';
import { buildComponent } from '../../support/build.js';
import {
  createPass,
  createSeededNoise,
  createTestScope,
  dataFacts,
  useCpuBackend,
  valueOf,
  valuesOf,
  type TestScope,
} from '../../support/pass.js';

useCpuBackend();

// Units that cannot die, so that each variable has a gradient.
const small = { type: 'mlp', hidden: [3], activation: 'tanh' };
const networks = { encoder: small, decoder: small, discriminator: small };
const entries = [
  { type: 'aae', latent: 2, ...networks },
  { type: 'vae-gan', latent: 2, ...networks },
  { type: 'factor-vae', latent: 2, ...networks },
  { type: 'bigan', latent: 2, encoder: small, generator: small, discriminator: small },
  { type: 'bigan', latent: 2, encoder: small, generator: small, discriminator: small, stochastic: true },
];
/** The losses that each is trained with. */
const lossesOf: Readonly<Record<string, readonly string[]>> = {
  aae: ['reconstruction', 'gan-non-saturating'],
  'vae-gan': ['feature-reconstruction', 'kl', 'gan-non-saturating'],
  'factor-vae': ['reconstruction', 'kl', 'total-correlation'],
  bigan: ['bigan'],
};
const data = { ...dataFacts([4]), numClasses: 3 };
const batch = (): Batch => ({ x: tf.tensor2d([0, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0], [3, 4]), labels: tf.tensor1d([0, 2, 1], 'int32') });

const build = (entry: unknown): { readonly offers: () => Offers; readonly scope: TestScope } => {
  const scope = createTestScope(4);
  const forward = buildComponent('model', entry).build(scope, data);
  return { scope, offers: () => forward(batch(), createPass()) };
};

describe.each(entries)('the model $type', (entry) => {
  it('names each variable by one of its players, and updates all of them in a round', () => {
    const model = buildComponent('model', entry);
    const { players, updates = [] } = model;
    const { scope } = build(entry);
    expect(new Set([...scope.variables.keys()].map((path) => path.split('/')[0]))).toEqual(new Set(players));
    expect(new Set(playersOf(model, updates.flat()))).toEqual(new Set(players));
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

  it('gives all who minimise a loss a gradient for each of their variables', () => {
    const model = buildComponent('model', entry);
    const terms = (lossesOf[entry.type] ?? []).flatMap((loss) => buildComponent('loss', loss).terms.map((term) => ({ loss, term })));
    const reached = new Set<string>();
    for (const { loss: name, term } of terms) {
      const { scope, offers } = build(entry);
      const loss = (): tf.Scalar => tf.reshape<tf.Rank.R0>(term.compute(offers(), createSeededNoise()), []);
      const { grads } = tf.variableGrads(loss, [...scope.variables.values()]);
      for (const player of playersOf(model, term.players)) {
        // A decoder minimises `kl` by the variables of its prior, and a standard normal one has none.
        if (name === 'kl' && player === 'decoder') continue;
        reached.add(player);
        for (const [path, variable] of scope.variables) {
          if (!path.startsWith(`${player}/`)) continue;
          const gradient = grads[variable.name];
          expect(gradient === undefined ? 0 : valueOf(tf.max(tf.abs(gradient))), `${path} by ${name}`).toBeGreaterThan(1e-6);
        }
      }
    }
    expect(reached).toEqual(new Set(model.players));
  });

  it('draws anew wherever a network is applied again', () => {
    const dropping = Object.fromEntries(
      Object.entries(entry).map(([name, value]) => [name, value === small ? { ...small, dropout: 0.5 } : value]),
    );
    const model = buildComponent('model', dropping);
    const { offers } = build(dropping);
    const given = offers();
    // Noise of which a name is drawn twice throws.
    for (const name of model.offers) expect(given[name], name).toBeDefined();
    const codes = tf.ones([4, 2]);
    expect(valuesOf(given.generate(codes))).not.toEqual(valuesOf(given.generate(codes)));
    if (model.offers.includes('decode')) expect(valuesOf(given.decode(codes).mean)).not.toEqual(valuesOf(given.decode(codes).mean));
    if (model.offers.includes('encode')) expect(valuesOf(given.encode(given.x).mean)).not.toEqual(valuesOf(given.encode(given.x).mean));
    // What the batch is given does not hang on what is read first.
    const again = offers();
    again.generate(codes);
    expect(valuesOf(again.fake)).toEqual(valuesOf(given.fake));
  });
});

describe('a VAE-GAN', () => {
  it('keeps the game from its encoder', () => {
    const { scope, offers } = build(entries[1]);
    const { grads } = tf.variableGrads(
      () => tf.reshape<tf.Rank.R0>(tf.mean(offers()['discriminator.fake'].logits), []),
      [...scope.variables.values()],
    );
    const reached = [...scope.variables].filter(([, { name }]) => grads[name] !== undefined).map(([path]) => path.split('/')[0]);
    expect(new Set(reached)).toEqual(new Set(['decoder', 'discriminator']));
  });
});

describe.each(['aae', 'factor-vae'])('the model %s', (type) => {
  it.each(['conv', 'dcgan'])('refuses the discriminator %s, which is for images and not for codes', (discriminator) => {
    const facts: Facts = {
      data: dataFacts([8, 8, 1]),
      counts: null,
      latent: 2,
      offers: [],
      players: [],
      metricColumns: [],
      trainingColumns: [],
    };
    const model = buildComponent('model', { type, latent: 2, ...networks, discriminator });
    expect(model.check?.(facts)).toMatchObject({ param: 'discriminator' });
    expect(buildComponent('model', { type, latent: 2, ...networks }).check?.(facts)).toBeNull();
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

  it('keeps what each dimension has, whatever the sizes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }), (count, size) => {
        const forward = buildComponent('model', { ...entries[2], latent: size }).build(createTestScope(), data);
        const x = tf.reshape(tf.range(0, count * 4), [count, 4]);
        const { real, fake } = forward({ x }, createPass());
        const sorted = (codes: tf.Tensor): readonly number[][] =>
          tf.unstack(codes, 1).map((column) => valuesOf(column).toSorted((a, b) => a - b));
        expect(sorted(fake)).toEqual(sorted(real));
      }),
      { numRuns: 20, seed: 1 },
    );
  });
});

describe('the classifier', () => {
  it('gives logits for each class, and refuses data without any', () => {
    const { offers } = build({ type: 'classifier', network: small });
    expect(offers()['class.logits'].shape).toEqual([3, 3]);
    const facts = {
      data: { ...data, numClasses: null },
      counts: null,
      latent: 0,
      offers: [],
      players: [],
      metricColumns: [],
      trainingColumns: [],
    };
    expect(buildComponent('model', { type: 'classifier', network: small }).check?.(facts)?.message).toContain('has none');
  });
});
