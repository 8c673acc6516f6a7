/**
 * Each adversarial game learns: from nothing to all eight modes of a ring, most samples near one, by YAML alone, and what the game is for
 * beside: classes that are kept, codes that can be told, encoders that invert, codes as they are to be. An untrained generator covers no
 * mode. The whole experiments, which take longer, are those of `npm run reproduce`.
 */
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createMeans, joinReducers } from '../../src/components/shared/reducers.js';
import { defineComponent, loadExperiment, run, type AnyComponent, type OfferName, type Offers } from '../../src/index.js';
import { silentProgress } from '../../src/runner/output/progress.js';
import { temporaryFolder } from '../components/shared/temporary.js';
import { configFolder, loadSmoke } from '../support/smoke.js';

const folder = temporaryFolder();

/** A metric of means over examples, called by its first column: `measure` gives what each column is the mean of, [B]. */
const meansOf = (
  needs: readonly OfferName[],
  columns: readonly [first: string, ...others: string[]],
  measure: (offers: Offers) => Readonly<Record<string, tf.Tensor>>,
): AnyComponent<'metric'> =>
  defineComponent({
    kind: 'metric',
    name: columns[0],
    description: 'For tests.',
    params: {},
    build: () => ({
      needs,
      columns: () => columns.map((name) => ({ name, unit: '', title: name })),
      measure,
      reducer: () => joinReducers(columns.map((name) => createMeans(name, 1))),
    }),
  });

/** Share of the fakes whose nearest mode is that of the class that they were made for: a class is a mode, one eighth of a turn each. */
const classKept = meansOf(['fake', 'fake.labels'], ['class-kept'], (offers) => {
  const directions = Array.from({ length: 8 }, (_, k) => [Math.cos((k * Math.PI) / 4), Math.sin((k * Math.PI) / 4)]);
  const nearest = tf.argMax(tf.matMul(offers.fake, tf.tensor2d(directions), false, true), 1);
  return { 'class-kept': tf.cast(tf.equal(nearest, tf.cast(offers['fake.labels'], 'int32')), 'float32') };
});

/** How far from an example the generator's image of its code lies; neighbouring modes are 1.53 apart. */
const inversion = meansOf(['x', 'reconstruction'], ['inversion'], ({ x, reconstruction }) => ({
  inversion: tf.norm(tf.sub(x, reconstruction), 'euclidean', 1),
}));

/** Mean squares of the numbers of codes: of draws of the latent, and of the examples'. */
const codeSpread = meansOf(['real', 'fake'], ['real-spread', 'fake-spread'], ({ real, fake }) => ({
  'real-spread': tf.mean(tf.square(real), 1),
  'fake-spread': tf.mean(tf.square(fake), 1),
}));

const ring = ['data={ type: gaussian-ring, examples: 25600 }', 'metrics=[modes]', 'plots=[]'];
const training = (steps: number): string =>
  `training={ steps: ${String(steps)}, batchSize: 128, optimizer: { type: adam, learningRate: 1e-3, beta1: 0 } }`;
const network = '{ type: mlp, hidden: [64, 64] }';
const gan = [
  ...ring,
  training(1200),
  `model={ type: gan, latent: 2, generator: ${network}, discriminator: { type: mlp, hidden: [64, 64], activation: relu } }`,
];
const criticFirst = 'training.updates=[{ player: discriminator, steps: 3 }, { player: generator }]';

/** The figures of the last epoch, and those of the test split, of a smoke config with other settings. */
const finish = async (name: string, ...overrides: readonly string[]): Promise<Readonly<Record<string, number>>> => {
  const components = [classKept, inversion, codeSpread];
  const experiment = await loadExperiment(join(configFolder, `smoke/${name}.yaml`), { overrides, components });
  const rows: Readonly<Record<string, number | null>>[] = [];
  const progress = { ...silentProgress, epoch: (row: Readonly<Record<string, number | null>>) => rows.push(row) };
  const { record } = await run(experiment, { results: join(folder, 'results'), progress });
  const figures = Object.entries({ ...rows.at(-1), ...record.metrics });
  return Object.fromEntries(figures.map(([column, value]) => [column, value ?? NaN]));
};

/** With the share of samples within three deviations of a mode that is asked for; measured were 1.3 to 3 times as many. */
const games: Readonly<Record<string, readonly [share: number, losses: string, ...others: readonly string[]]>> = {
  GAN: [0.3, '[gan-non-saturating]'],
  'minimax GAN': [0.3, '[gan-minimax]'],
  WGAN: [0.15, '[gan-wasserstein]', 'training.updates=[{ player: discriminator, steps: 3, weightClipping: 0.1 }, { player: generator }]'],
  'WGAN-GP': [0.2, '[gan-wasserstein, { type: gradient-penalty, weight: 1 }]', criticFirst],
  LSGAN: [0.3, '[gan-least-squares]'],
  'spectrally normalised GAN': [0.15, '[gan-hinge]', 'model.discriminator.spectralNorm=true', criticFirst],
  DRAGAN: [0.2, '[gan-non-saturating, { type: dragan, weight: 1 }]'],
  'GAN with R1': [0.3, '[gan-non-saturating, { type: r1, weight: 0.2 }]'],
  'relativistic GAN': [0.3, '[gan-relativistic]'],
};

describe.each(Object.entries(games))('a %s', (_, [share, losses, ...others]) => {
  it('learns a ring of eight Gaussians', async () => {
    const figures = await finish('toy-ring', ...gan, `losses=${losses}`, ...others);
    expect(figures['test.modes-covered']).toBeGreaterThanOrEqual(7);
    expect(figures['test.high-quality']).toBeGreaterThan(share);
  });
});

describe.each([
  ['conditional GAN', '[gan-non-saturating]', 'concatenation'],
  ['projection GAN', '[gan-hinge]', 'projection'],
  ['ACGAN', '[gan-non-saturating, auxiliary-classifier]', 'auxiliary'],
])('a %s', (_, losses, conditioning) => {
  it('learns which mode of the ring is which class', async () => {
    const figures = await finish(
      'toy-ring',
      ...gan,
      `losses=${losses}`,
      `model.conditioning=${conditioning}`,
      'metrics=[modes, class-kept]',
    );
    expect(figures['test.modes-covered']).toBe(8);
    expect(figures['test.high-quality']).toBeGreaterThan(0.6);
    // An eighth of them by chance.
    expect(figures['test.class-kept']).toBeGreaterThan(0.95);
  });
});

describe('an InfoGAN', () => {
  it('makes a mode of the ring of each code, and tells the code from the sample', async () => {
    const losses = 'losses=[gan-non-saturating, mutual-information]';
    const figures = await finish('toy-ring', ...gan, losses, 'model.codes={ type: categorical, classes: 8 }');
    expect(figures['test.modes-covered']).toBe(8);
    expect(figures['test.high-quality']).toBeGreaterThan(0.5);
    // From ln 8, 2.08 nats.
    expect(figures['loss.mutual-information.generator']).toBeLessThan(0.1);
  });
});

describe('a BiGAN', () => {
  it('learns the ring, and inverts its generator', async () => {
    const model = `model={ type: bigan, latent: 2, encoder: ${network}, generator: ${network}, discriminator: ${network} }`;
    const figures = await finish('bigan', ...ring, training(2000), model, 'metrics=[modes, inversion]');
    expect(figures['test.modes-covered']).toBeGreaterThanOrEqual(7);
    expect(figures['test.high-quality']).toBeGreaterThan(0.2);
    expect(figures['test.inversion']).toBeLessThan(0.8);
  });
});

describe('a VAE-GAN', () => {
  it('learns the ring, and reconstructs by what its discriminator sees', async () => {
    const networks = `encoder: ${network}, decoder: ${network}, discriminator: ${network}`;
    const model = `model={ type: vae-gan, latent: 2, likelihood: { type: gaussian, scale: 1 }, ${networks} }`;
    const adam = 'training.optimizer.beta1=0.5';
    const figures = await finish('vae-gan', ...ring, training(1500), adam, model, 'metrics=[modes, inversion]');
    expect(figures['test.modes-covered']).toBeGreaterThanOrEqual(7);
    expect(figures['test.high-quality']).toBeGreaterThan(0.3);
    expect(figures['test.inversion']).toBeLessThan(0.5);
  });
});

describe('an AAE', () => {
  it('makes its codes as wide as its latent, which reconstruction alone does not', async () => {
    const data = 'data.limit={ train: 600, validation: 30, test: 500 }';
    const batches = ['training.batchSize=60', 'training.evaluationBatchSize=100', 'training.epochs=40'];
    const figures = await finish('aae', data, ...batches, 'metrics=[real-spread]', 'plots=[]');
    const ratio = (figures['test.fake-spread'] ?? NaN) / (figures['test.real-spread'] ?? NaN);
    expect(ratio).toBeGreaterThan(1 / 4);
    expect(ratio).toBeLessThan(4);
  });
});

describe('the discriminator of a FactorVAE', () => {
  /** Its loss, which is ln 2 where it can only guess. */
  const lossWith = async (gamma: number): Promise<number> => {
    const networks = `encoder: ${network}, decoder: ${network}, discriminator: ${network}`;
    const model = `model={ type: factor-vae, latent: 2, likelihood: gaussian, ${networks} }`;
    const losses = `losses=[reconstruction, kl, { type: total-correlation, gamma: ${String(gamma)} }]`;
    return (await finish('factor-vae', ...ring, training(1500), model, losses, 'metrics=[]'))['discriminator.loss'] ?? NaN;
  };

  it('can tell nothing where the encoder makes the dimensions of its codes independent', async () => {
    expect(await lossWith(20)).toBeGreaterThan(0.685);
  });

  it('tells codes of a ring from permuted ones where the encoder does not', async () => {
    expect(await lossWith(0)).toBeLessThan(0.67);
  });
});

describe('an adversarial autoencoder', () => {
  it.each([
    ['aae', 'validation.reconstruction', 'metrics=[reconstruction]'],
    ['factor-vae', 'validation.elbo', 'metrics=[elbo]'],
    // Its loss is on features: the pixels follow.
    ['vae-gan', 'validation.reconstruction', 'metrics=[reconstruction]'],
  ])('of the kind %s explains images better than before', async (name, column, metrics) => {
    const rows: (number | null | undefined)[] = [];
    const experiment = await loadSmoke(name, folder, [metrics, 'plots=[]', 'training.epochs=12', 'data.limit.train=600']);
    const progress = { ...silentProgress, epoch: (row: Readonly<Record<string, number | null>>) => rows.push(row[column]) };
    await run(experiment, { results: join(folder, 'results'), progress });
    const [first, last] = [rows[0] ?? 0, rows.at(-1) ?? 0];
    // From ln 2 a pixel, 543 nats, by at least a fifth.
    expect(last - first).toBeGreaterThan(name === 'vae-gan' ? 10 : 100);
  });
});
