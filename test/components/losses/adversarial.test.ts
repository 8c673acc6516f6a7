/** Adversarial losses against what theory says of them. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Critique, Offers } from '../../../src/registry/contracts/index.js';
import { buildComponent } from '../../support/build.js';
import { useCpuBackend, valueOf, valuesOf } from '../../support/pass.js';
import { critique, partOf, points } from './parts.js';

useCpuBackend();

const softplus = (l: number): number => Math.max(l, 0) + Math.log1p(Math.exp(-Math.abs(l)));
const logitsOf = (real: readonly number[], fake: readonly number[]): Partial<Offers> => ({
  'discriminator.real': critique(tf.tensor1d([...real])),
  'discriminator.fake': critique(tf.tensor1d([...fake])),
});

/** The optimal logit between N(0, 1) and N(d, 1). */
const optimal = (d: number) => (x: number) => -d * x + d ** 2 / 2;
const atOptimum = (d: number): Partial<Offers> =>
  logitsOf(
    points.map(optimal(d)),
    points.map((x) => optimal(d)(x + d)),
  );

describe('every game', () => {
  it.each([
    ['gan-minimax', [['discriminator'], ['generator']]],
    ['gan-non-saturating', [['discriminator'], ['generator']]],
    ['gan-least-squares', [['discriminator'], ['generator']]],
    ['gan-hinge', [['discriminator'], ['generator']]],
    ['gan-wasserstein', [['discriminator'], ['generator']]],
    ['gan-relativistic', [['discriminator'], ['generator']]],
    ['bigan', [['discriminator'], ['generator', 'encoder']]],
    ['total-correlation', [['encoder'], ['discriminator']]],
    ['feature-matching', [['generator']]],
    ['feature-reconstruction', [['encoder', 'decoder']]],
    ['auxiliary-classifier', [['discriminator'], ['generator']]],
    ['mutual-information', [['generator', 'discriminator']]],
    ['cross-entropy', [['classifier']]],
  ])('%s is minimised by its players', (loss, players) => {
    expect(buildComponent('loss', loss).terms.map((term) => term.players)).toEqual(players);
  });

  it.each(['gan-minimax', 'gan-non-saturating', 'gan-least-squares', 'gan-hinge', 'gan-wasserstein', 'gan-relativistic'])(
    '%s is finite for any logit, and so are its gradients',
    (loss) => {
      for (const logit of [-1e4, 1e4])
        for (const player of ['discriminator', 'generator']) {
          const part = (real: tf.Tensor, fake: tf.Tensor): tf.Tensor =>
            partOf(loss, player, { 'discriminator.real': critique(real), 'discriminator.fake': critique(fake) });
          const at: [tf.Tensor, tf.Tensor] = [tf.tensor1d([logit]), tf.tensor1d([-logit])];
          // Generators that read fakes alone have no gradient by the real: a sum with nothing of it keeps it in the graph.
          const slopes = tf.grads((real: tf.Tensor, fake: tf.Tensor) => tf.add(part(real, fake), tf.mul(tf.sum(tf.add(real, fake)), 0)))(
            at,
          );
          expect([valueOf(part(...at)), ...slopes.flatMap(valuesOf)].every(Number.isFinite)).toBe(true);
        }
    },
  );
});

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
    expect(valueOf(partOf('gan-non-saturating', 'generator', atOptimum(d)))).toBeCloseTo(generator, 3);
    expect(valueOf(partOf('gan-minimax', 'discriminator', atOptimum(d)))).toBeCloseTo(discriminator, 3);
  });

  it('saturate where the discriminator is sure, or do not (question 2.4)', () => {
    const slope = (loss: string, logit: number): number =>
      valueOf(tf.grad((l: tf.Tensor) => partOf(loss, 'generator', { 'discriminator.fake': critique(l) }))(tf.tensor1d([logit])));
    expect(slope('gan-minimax', -5)).toBeCloseTo(-0.0067, 4);
    expect(slope('gan-non-saturating', -5)).toBeCloseTo(-0.9933, 4);
    expect(slope('gan-minimax', 2)).toBeCloseTo(-1 / (1 + Math.exp(-2)), 5);
  });

  it.each(['gan-minimax', 'gan-non-saturating'])('%s asks for less than certainty with smoothed labels', (type) => {
    // The minimum of -(1 - a) log D - a log(1 - D) is at D = 1 - a.
    const slope = tf.grad((l: tf.Tensor) =>
      partOf({ type, labelSmoothing: 0.1 }, 'discriminator', {
        'discriminator.real': critique(l),
        'discriminator.fake': critique(tf.tensor1d([0])),
      }),
    );
    expect(valueOf(slope(tf.tensor1d([Math.log(9)])))).toBeCloseTo(0, 6);
  });

  it('smooth the labels of the real alone', () => {
    const cost = (labelSmoothing: number, fake: number): number =>
      valueOf(partOf({ type: 'gan-non-saturating', labelSmoothing }, 'discriminator', logitsOf([2], [fake])));
    for (const fake of [-3, 4]) expect(cost(0.1, fake) - cost(0, fake)).toBeCloseTo(0.1 * 2, 5);
  });
});

describe('other games', () => {
  it('least squares: the discriminator rests at (b p + a g) / (p + g)', () => {
    // Two places; three quarters of the real examples are at the first and three quarters of the fakes at the second.
    const loss = { type: 'gan-least-squares', a: -1, b: 2, c: 0 };
    const at = (logits: tf.Tensor, places: readonly number[]): Critique => critique(tf.gather(logits, tf.tensor1d([...places], 'int32')));
    const slope = tf.grad((logits: tf.Tensor) =>
      partOf(loss, 'discriminator', { 'discriminator.real': at(logits, [0, 0, 0, 1]), 'discriminator.fake': at(logits, [0, 1, 1, 1]) }),
    );
    const optimum = [(3 * 2 - 1) / 4, (2 - 3) / 4];
    for (const value of valuesOf(slope(tf.tensor1d(optimum)))) expect(value).toBeCloseTo(0, 6);
    expect(valueOf(partOf(loss, 'generator', logitsOf([0], [3])))).toBeCloseTo(4.5, 6);
  });

  it('hinge: 2 at best where fakes are as the data', () => {
    const both = (logits: readonly number[]): number => valueOf(partOf('gan-hinge', 'discriminator', logitsOf(logits, logits)));
    expect([both([0]), both([0.5, -0.7]), both([1])]).toEqual([2, 2, 2]);
    expect([both([3]), both([-3])]).toEqual([4, 4]);
    const logits = fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 1, maxLength: 5 });
    fc.assert(fc.property(logits, (values) => both(values) >= 2 - 1e-5));
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
    // The means are 1 and 0, so that real examples are 0 and 2 above the fakes' mean, fakes 2 and 0 below the other.
    const unequal = logitsOf([0, 2], [-1, 1]);
    expect(valueOf(partOf('gan-relativistic', 'discriminator', unequal))).toBeCloseTo(softplus(0) + softplus(-2), 5);
    expect(valueOf(partOf('gan-relativistic', 'generator', unequal))).toBeCloseTo(softplus(0) + softplus(2), 5);
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
    expect(valueOf(partOf('total-correlation', 'discriminator', logitsOf([1], [-2])))).toBeCloseTo((softplus(-1) + softplus(-2)) / 2, 6);
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
        [1, 3],
        [3, 5],
      ]),
    };
    expect(valueOf(partOf('feature-reconstruction', 'encoder', offers))).toBeCloseTo((1 + 4) / 2 / 2, 6);
    expect(valueOf(partOf('feature-matching', 'generator', offers))).toBeCloseTo(1 + 9, 5);
  });

  it('classes and codes: cross entropies in nats', () => {
    /** Logits of two examples, both of which are of the second class with odds of `odds` to 1. */
    const logits = (odds: number): tf.Tensor =>
      tf.tensor2d([
        [0, Math.log(odds)],
        [0, Math.log(odds)],
      ]);
    const labels = tf.tensor1d([0, 1], 'int32');
    const fakeLabels = tf.tensor1d([1, 1], 'int32');
    const offers = { labels, 'fake.labels': fakeLabels, 'classes.real': logits(3), 'classes.fake': logits(7), 'class.logits': logits(3) };
    const ofReal = -(Math.log(1 / 4) + Math.log(3 / 4)) / 2;
    const ofFake = -Math.log(7 / 8);
    expect(valueOf(partOf('auxiliary-classifier', 'discriminator', offers))).toBeCloseTo(ofReal + ofFake, 5);
    expect(valueOf(partOf('auxiliary-classifier', 'generator', offers))).toBeCloseTo(ofFake, 5);
    expect(valueOf(partOf('cross-entropy', 'classifier', offers))).toBeCloseTo(ofReal, 5);
    expect(valueOf(partOf('mutual-information', 'generator', { 'code.logProb': tf.tensor1d([-1, -3]) }))).toBe(2);
  });
});
