/** Bounds of several samples, `iwae` and its kin, and the forms of the beta-VAE, on a model whose likelihood is known. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPosterior } from '../../../src/components/shared/gaussian.js';
import type { Now, Offers } from '../../../src/registry/contracts/index.js';
import { buildComponent } from '../../support/build.js';
import { expectGradient } from '../../support/finite-differences.js';
import { createSeededNoise, createTestOffers, createTestScope, dataFacts, useCpuBackend, valueOf } from '../../support/pass.js';
import { partOf } from './parts.js';

useCpuBackend();

const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/**
 * z ~ N(0, 1), x ~ N(z, 1): then x ~ N(0, 2) and z|x ~ N(x / 2, 1 / 2). Examples 0.5 and -1; posteriors by an output [2, 2] of means and
 * logarithms of scales.
 */
const linearModel = (output: tf.Tensor, numSamples: number, seed = 1): Offers => {
  const noise = createSeededNoise(seed);
  const posterior = createPosterior(output, 'exp');
  const prior = buildComponent('prior', 'standard-normal').build(createTestScope(), 1);
  const z = posterior.sample(noise, numSamples);
  const likelihood = buildComponent('likelihood', { type: 'gaussian', scale: 1 }).build(createTestScope(), dataFacts([1], 'real'))(z);
  const kl = prior.kl?.(posterior);
  return createTestOffers({ x: tf.tensor2d([[0.5], [-1]]), posterior, prior, z, likelihood, ...(kl === undefined ? {} : { kl }) });
};
const exactNegative = (0.5 ** 2 / 4 + 1 / 4) / 2 + halfLogTwoPi + 0.5 * Math.log(2);
const rough = () =>
  tf.tensor2d([
    [0.4, 0.1],
    [-0.3, -0.2],
  ]);
const valueOfLoss = (loss: unknown, offers: Offers, player = 'encoder'): number => valueOf(partOf(loss, player, offers));

describe('the importance-weighted bound', () => {
  it('is log p(x) itself, whatever is drawn, where the posterior is exact', () => {
    const exact = tf.tensor2d([
      [0.25, -0.5 * Math.log(2)],
      [-0.5, -0.5 * Math.log(2)],
    ]);
    for (const numSamples of [1, 6]) {
      const offers = linearModel(exact, numSamples);
      for (const loss of ['iwae', 'ciwae', 'piwae', { type: 'miwae', groups: numSamples }])
        expect(valueOfLoss(loss, offers)).toBeCloseTo(exactNegative, 5);
    }
  });

  it('is log of the mean weight, by hand', () => {
    // log weights ln 1, ln 3 and ln 2, ln 6 of two examples.
    const logLikelihood = tf.log(
      tf.tensor2d([
        [1, 2],
        [3, 6],
      ]),
    );
    const nothing = tf.zeros([2, 2]);
    const offers = {
      ...{ x: tf.zeros([2, 1]), z: tf.zeros([2, 2, 1]) },
      likelihood: { mean: tf.zeros([2, 2, 1]), logProb: () => logLikelihood, sample: () => nothing },
      prior: { sample: () => nothing, logProb: () => nothing, kl: null },
      posterior: { ...createPosterior(tf.zeros([2, 2]), 'exp'), logProb: () => nothing },
    };
    expect(valueOf(partOf('iwae', 'encoder', offers))).toBeCloseTo(-(Math.log(2) + Math.log(4)) / 2, 6);
    const elbo = (Math.log(3) + Math.log(12)) / 4;
    expect(valueOf(partOf({ type: 'ciwae', beta: 0.25 }, 'encoder', offers))).toBeCloseTo(
      -(0.25 * elbo + 0.75 * ((Math.log(2) + Math.log(4)) / 2)),
      6,
    );
  });

  it('is the usual VAE with one sample, and with as many groups as samples', () => {
    for (const [numSamples, loss] of [
      [1, 'iwae'],
      [1, 'ciwae'],
      [4, { type: 'miwae', groups: 4 }],
      [4, { type: 'ciwae', beta: 1 }],
    ] as const) {
      const offers = linearModel(rough(), numSamples);
      const usual = valueOfLoss('reconstruction', offers) + valueOfLoss('kl-monte-carlo', offers);
      expect(valueOfLoss(loss, offers)).toBeCloseTo(usual, 5);
    }
  });

  it('rises with the number of samples in a group, and never with that of groups', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const offers = linearModel(rough(), 12, seed);
        const bounds = [12, 6, 4, 2, 1].map((groups) => -valueOfLoss({ type: 'miwae', groups }, offers));
        // Groups of 1 in groups of 2 in groups of 6 in one of 12: by Jensen's inequality each bound is below the next, draw by draw.
        for (const [low, high] of [
          [0, 1],
          [1, 3],
          [3, 4],
          [0, 2],
          [2, 4],
        ] as const)
          expect(bounds[low]! - 1e-5).toBeLessThanOrEqual(bounds[high]!);
      }),
      { numRuns: 30 },
    );
  });

  it('comes closer to log p(x) from below as samples become more', () => {
    const gaps = [1, 10, 1000].map((numSamples) => {
      const values = Array.from({ length: 30 }, (_, seed) => valueOfLoss('iwae', linearModel(rough(), numSamples, seed)));
      return values.reduce((sum, value) => sum + value, 0) / values.length - exactNegative;
    });
    expect(gaps[0]).toBeGreaterThan(gaps[1]!);
    expect(gaps[1]).toBeGreaterThan(gaps[2]!);
    expect(Math.abs(gaps[2]!)).toBeLessThan(0.01);
  });

  it.each(['iwae', { type: 'miwae', groups: 2 }, { type: 'ciwae', beta: 0.3 }, { type: 'piwae', groups: 2 }])(
    '%o has the gradients of its values',
    (loss) => {
      const at = (output: tf.Tensor) => linearModel(tf.reshape(output, [2, 2]), 4);
      expectGradient((output) => partOf(loss, 'encoder', at(output)), [0.4, 0.1, -0.3, -0.2]);
    },
  );

  it('gives the decoder of piwae the tight bound, and the encoder the groups', () => {
    const offers = linearModel(rough(), 6);
    expect(valueOfLoss({ type: 'piwae', groups: 3 }, offers, 'decoder')).toBe(valueOfLoss('iwae', offers));
    expect(valueOfLoss({ type: 'piwae', groups: 3 }, offers, 'encoder')).toBe(valueOfLoss({ type: 'miwae', groups: 3 }, offers));
  });

  it('says when samples do not make equal groups', () => {
    expect(() => valueOfLoss({ type: 'miwae', groups: 4 }, linearModel(rough(), 6))).toThrow("set the model's `samples` to a multiple");
  });
});

describe('the forms of the beta-VAE', () => {
  // Divergences per latent of two examples; of latents 1.5 and 0.2 on average, in all 1.7.
  const kl = () =>
    tf.tensor2d([
      [1, 0.1],
      [2, 0.3],
    ]);
  const at =
    (step: number): Now =>
    (_, schedule) =>
      tf.scalar(schedule.at({ step, stepsPerEpoch: 10, totalSteps: 100 }));

  it('free-bits charges a latent from its slack on, averaged over the batch', () => {
    const value = (freeNats: number): number => valueOf(partOf({ type: 'free-bits', freeNats }, 'encoder', { kl: kl() }));
    expect(value(0.5)).toBeCloseTo(1.5 + 0.5, 6);
    expect(value(0)).toBeCloseTo(1.7, 6);
    expect(value(0)).toBeCloseTo(valueOf(partOf('kl', 'encoder', { kl: kl() })), 6);
    expect(value(3)).toBeCloseTo(6, 6);
  });

  it('kl-capacity is the distance of each divergence from a capacity that grows', () => {
    const [term] = buildComponent('loss', { type: 'kl-capacity', capacity: { type: 'linear-warmup', epochs: 4, to: 8 } }).terms;
    const value = (step: number): number => {
      const found = term?.compute(createTestOffers({ kl: kl() }), createSeededNoise(), at(step));
      return found === undefined ? NaN : valueOf(found);
    };
    expect(value(0)).toBeCloseTo(1.7, 6);
    // Capacity 2: |1.1 - 2| and |2.3 - 2|.
    expect(value(10)).toBeCloseTo((0.9 + 0.3) / 2, 6);
    expect(value(40)).toBeCloseTo(8 - 1.7, 6);
  });

  it('have the gradients of their values', () => {
    const point = [1, 0.1, 2, 0.3];
    expectGradient((flat) => partOf({ type: 'free-bits', freeNats: 0.5 }, 'encoder', { kl: tf.reshape(flat, [2, 2]) }), point);
    const [term] = buildComponent('loss', { type: 'kl-capacity', capacity: 2 }).terms;
    expectGradient((flat) => {
      const offers = createTestOffers({ kl: tf.reshape(flat, [2, 2]) });
      return term?.compute(offers, createSeededNoise(), at(0)) ?? tf.scalar(NaN);
    }, point);
  });
});
