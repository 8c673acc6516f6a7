/** Adversarial losses against what theory says of them. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../../src/components/shared/normal-quantile.js';
import type { Critique, Offers } from '../../../src/registry/contracts/index.js';
import { buildComponent } from '../../support/build.js';
import { expectGradients } from '../../support/finite-differences.js';
import { createFixedNoise, createSeededNoise, createTestOffers, useCpuBackend, valueOf, valuesOf } from '../../support/pass.js';

useCpuBackend();

/** The value of a player's part of a loss. */
const partOf = (loss: unknown, player: string, given: Partial<Offers>, noise = createSeededNoise()): tf.Tensor => {
  const offers = createTestOffers(given);
  const terms = buildComponent('loss', loss).terms.filter(({ players }) => players.includes(player));
  if (terms.length === 0) throw new Error(`no part for ${player}`);
  return tf.addN(terms.map((term) => term.compute(offers, noise)));
};

const critique = (logits: tf.Tensor, features: tf.Tensor = tf.expandDims(logits, 1)): Critique => ({ logits, features });
const logitsOf = (real: readonly number[], fake: readonly number[]): Partial<Offers> => ({
  'discriminator.real': critique(tf.tensor1d([...real])),
  'discriminator.fake': critique(tf.tensor1d([...fake])),
});

/** Evenly weighted points of N(0, 1). */
const points = Array.from({ length: 4000 }, (_, i) => normalQuantile((i + 0.5) / 4000));
/** The optimal logit between N(0, 1) and N(d, 1). */
const optimal = (d: number) => (x: number) => -d * x + d ** 2 / 2;
const atOptimum = (d: number): Partial<Offers> =>
  logitsOf(
    points.map(optimal(d)),
    points.map((x) => optimal(d)(x + d)),
  );

describe('the cross entropies', () => {
  it.each([
    [0, 1.386294, 0.693147],
    [0.5, 1.325672, 0.787836],
    [1, 1.163451, 1.081726],
    [2, 0.712633, 2.356316],
    [3, 0.33274, 4.66637],
    [4, 0.120854, 8.060427],
  ])('are those of the optimal discriminator between N(0, 1) and N(%d, 1)', (d, discriminator, generator) => {
    expect(valueOf(partOf('gan-non-saturating', 'discriminator', atOptimum(d)))).toBeCloseTo(discriminator, 3);
    expect(valueOf(partOf('gan-non-saturating', 'generator', atOptimum(d)))).toBeCloseTo(generator, 2);
    expect(valueOf(partOf('gan-minimax', 'discriminator', atOptimum(d)))).toBeCloseTo(discriminator, 3);
  });

  it('saturate where the discriminator is sure, or do not (question 2.4)', () => {
    const slope = (loss: string, logit: number): number =>
      valueOf(tf.grad((l: tf.Tensor) => partOf(loss, 'generator', { 'discriminator.fake': critique(l) }))(tf.tensor1d([logit])));
    expect(slope('gan-minimax', -5)).toBeCloseTo(-0.0067, 4);
    expect(slope('gan-non-saturating', -5)).toBeCloseTo(-0.9933, 4);
    expect(slope('gan-minimax', 2)).toBeCloseTo(-1 / (1 + Math.exp(-2)), 5);
  });

  it('ask for less than certainty with smoothed labels', () => {
    // The minimum of -(1 - a) log D - a log(1 - D) is at D = 1 - a.
    const slope = tf.grad((l: tf.Tensor) =>
      partOf({ type: 'gan-non-saturating', labelSmoothing: 0.1 }, 'discriminator', {
        'discriminator.real': critique(l),
        'discriminator.fake': critique(tf.tensor1d([0])),
      }),
    );
    expect(valueOf(slope(tf.tensor1d([Math.log(9)])))).toBeCloseTo(0, 6);
  });

  it.each(['gan-minimax', 'gan-non-saturating', 'gan-relativistic'])('of %s are finite for any logit', (loss) => {
    for (const logit of [-1e4, 1e4])
      for (const player of ['discriminator', 'generator'])
        expect(Number.isFinite(valueOf(partOf(loss, player, logitsOf([logit], [-logit]))))).toBe(true);
  });
});

describe('other games', () => {
  it('least squares: the discriminator rests at (b p + a g) / (p + g)', () => {
    // 3 real and 1 fake examples at one place: with a = -1 and b = 2 that is (3 * 2 - 1) / 4, each side being a mean of its own.
    const loss = { type: 'gan-least-squares', a: -1, b: 2, c: 0 };
    const slope = tf.grad((d: tf.Tensor) =>
      partOf(loss, 'discriminator', { 'discriminator.real': critique(d), 'discriminator.fake': critique(d) }),
    );
    expect(valueOf(slope(tf.tensor1d([(2 - 1) / 2])))).toBeCloseTo(0, 6);
    expect(valueOf(partOf(loss, 'generator', logitsOf([0], [3])))).toBeCloseTo(4.5, 6);
  });

  it('hinge: 2 at best where fakes are as the data', () => {
    const both = (logits: readonly number[]): number => valueOf(partOf('gan-hinge', 'discriminator', logitsOf(logits, logits)));
    expect([both([0]), both([0.5, -0.7]), both([1])]).toEqual([2, 2, 2]);
    expect(both([3])).toBe(4);
    expect(valueOf(partOf('gan-hinge', 'generator', logitsOf([0], [3])))).toBe(-3);
  });

  it('Wasserstein: minus the loss of the best 1-Lipschitz critic is the shift', () => {
    const d = 1.5;
    expect(
      valueOf(
        partOf(
          'gan-wasserstein',
          'discriminator',
          logitsOf(
            points.map((x) => -x),
            points.map((x) => -(x + d)),
          ),
        ),
      ),
    ).toBeCloseTo(-d, 4);
    expect(valueOf(partOf('gan-wasserstein', 'generator', logitsOf([0], [2, 4])))).toBe(-3);
  });

  it('relativistic: log 2 a term where nothing can be told, and the players exchange roles', () => {
    expect(valueOf(partOf('gan-relativistic', 'discriminator', logitsOf([3, 3], [3, 3])))).toBeCloseTo(2 * Math.LN2, 6);
    const paired = { type: 'gan-relativistic', average: false };
    expect(valueOf(partOf(paired, 'discriminator', logitsOf([1], [0])))).toBeCloseTo(Math.log1p(Math.exp(-1)), 6);
    expect(valueOf(partOf(paired, 'generator', logitsOf([1], [0])))).toBeCloseTo(Math.log1p(Math.exp(1)), 6);
  });

  it('BiGAN: encoder and generator want the pairs exchanged', () => {
    expect(valueOf(partOf('bigan', 'encoder', logitsOf([1], [-2])))).toBeCloseTo(
      valueOf(partOf('bigan', 'discriminator', logitsOf([-2], [1]))),
      6,
    );
  });

  it('FactorVAE: gamma times the mean logit for the encoder', () => {
    expect(valueOf(partOf({ type: 'total-correlation', gamma: 3 }, 'encoder', logitsOf([1, 3], [0])))).toBeCloseTo(6, 5);
    expect(valueOf(partOf('total-correlation', 'discriminator', logitsOf([0], [0])))).toBeCloseTo(Math.LN2, 6);
  });

  it('features: half the squared distance, and the distance of means', () => {
    const of = (features: readonly (readonly number[])[]): Critique =>
      critique(tf.zeros([features.length]), tf.tensor2d(features.map((row) => [...row])));
    const offers = {
      'discriminator.real': of([
        [0, 0],
        [2, 2],
      ]),
      'discriminator.reconstruction': of([
        [1, 0],
        [2, 0],
      ]),
      'discriminator.fake': of([
        [1, 1],
        [3, 3],
      ]),
    };
    expect(valueOf(partOf('feature-reconstruction', 'encoder', offers))).toBeCloseTo((1 + 4) / 2 / 2, 6);
    expect(valueOf(partOf('feature-matching', 'generator', offers))).toBeCloseTo(2, 6);
  });

  it('classes and codes: cross entropies in nats', () => {
    const labels = tf.tensor1d([0, 1], 'int32');
    const logits = tf.tensor2d([
      [0, Math.log(3)],
      [0, Math.log(3)],
    ]);
    const mean = -(Math.log(1 / 4) + Math.log(3 / 4)) / 2;
    const offers = { labels, 'fake.labels': labels, 'classes.real': logits, 'classes.fake': logits, 'class.logits': logits };
    expect(valueOf(partOf('auxiliary-classifier', 'discriminator', offers))).toBeCloseTo(2 * mean, 5);
    expect(valueOf(partOf('auxiliary-classifier', 'generator', offers))).toBeCloseTo(mean, 5);
    expect(valueOf(partOf('cross-entropy', 'classifier', offers))).toBeCloseTo(mean, 5);
    expect(valueOf(partOf('mutual-information', 'generator', { 'code.logProb': tf.tensor1d([-1, -3]) }))).toBe(2);
  });
});

describe('penalties', () => {
  const spread = tf.tensor2d(points.filter((_, i) => i % 40 === 0).map((x) => [x]));
  const linear =
    (s: tf.Tensor): Offers['discriminate'] =>
    (x) =>
      critique(tf.reshape(tf.mul(x, s), [-1]), x);

  it.each([
    ['gradient-penalty', 10, 1, 1.05],
    ['gradient-penalty', 2, 3, 1.75],
    ['r1', 2, 3, 1.5],
    ['r2', 4, 1, 0.25],
  ])('%s of weight %d lets a linear critic of a shift %d have the slope %d', (type, weight, d, slope) => {
    // The critic s x, with fakes below the data, gains s d; the sum with the penalty is smallest at `slope`.
    const total = tf.grad((s: tf.Tensor) => {
      const given = { real: spread, fake: tf.sub(spread, d), discriminate: linear(s) };
      const penalty = partOf(type, 'discriminator', given, createSeededNoise());
      return tf.sub(tf.mul(penalty, weight), tf.sum(tf.mul(s, d)));
    });
    expect(valueOf(total(tf.tensor1d([slope])))).toBeCloseTo(0, 3);
  });

  it('forgive small slopes when one-sided', () => {
    const cost = (s: number, sides: string): number =>
      valueOf(
        partOf({ type: 'gradient-penalty', sides }, 'discriminator', {
          real: spread,
          fake: spread,
          discriminate: linear(tf.tensor1d([s])),
        }),
      );
    expect(cost(0.5, 'one')).toBe(0);
    expect(cost(0.5, 'two')).toBeCloseTo(0.25, 4);
    expect(cost(3, 'one')).toBeCloseTo(4, 4);
  });

  it('look between the real and the fake, at the share that is drawn', () => {
    const seen: number[] = [];
    const discriminate: Offers['discriminate'] = (x) => {
      seen.push(...valuesOf(x));
      return critique(tf.reshape(tf.sum(x, 1), [-1]), x);
    };
    const noise = createFixedNoise({ mix: [0.25, 1] });
    partOf('gradient-penalty', 'discriminator', { real: tf.tensor2d([[4], [8]]), fake: tf.tensor2d([[0], [0]]), discriminate }, noise);
    expect(seen).toEqual([1, 8]);
  });

  it('reach the weights of a critic to second order', () => {
    const kernels = [
      tf.variable(tf.tensor2d([0.5, -0.3, 0.8, 0.2, 0.7, -0.6], [2, 3])),
      tf.variable(tf.tensor2d([0.4, -0.9, 0.6], [3, 1])),
    ];
    const discriminate: Offers['discriminate'] = (x) => {
      const hidden = tf.leakyRelu(tf.matMul(tf.tanh(x), kernels[0]!), 0.2);
      return critique(tf.reshape(tf.matMul(hidden, kernels[1]!), [-1]), hidden);
    };
    const real = tf.tensor2d([0.3, -0.7, 1.1, 0.4], [2, 2]);
    const fake = tf.tensor2d([-0.5, 0.2, 0.9, -0.8], [2, 2]);
    for (const type of ['gradient-penalty', 'dragan', 'r1', 'r2']) {
      expectGradients(() => partOf(type, 'discriminator', { real, fake, discriminate }, createSeededNoise(4)), kernels, { step: 0.005 });
    }
  });

  it('ask the same of noisy copies', () => {
    const discriminate = linear(tf.tensor1d([2]));
    const offers = { real: tf.tensor2d([[1], [2]]), discriminate, 'discriminator.real': discriminate(tf.tensor2d([[1], [2]])) };
    const noise = createFixedNoise({ copies: [1, -2] });
    expect(valueOf(partOf({ type: 'consistency', deviation: 0.5 }, 'discriminator', offers, noise))).toBeCloseTo((1 + 4) / 2, 5);
  });
});
