/** The three terms of the negative bound: `reconstruction`, `kl` and `kl-monte-carlo`. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPosterior } from '../../../src/components/shared/gaussian.js';
import type { Offers } from '../../../src/registry/contracts/index.js';
import { buildComponent } from '../../support/build.js';
import { expectGradient } from '../../support/finite-differences.js';
import {
  createFixedNoise,
  createSeededNoise,
  createTestOffers,
  createTestScope,
  dataFacts,
  useCpuBackend,
  valueOf,
} from '../../support/pass.js';

useCpuBackend();

const termOf = (loss: string) => {
  const [term] = buildComponent('loss', loss).terms;
  if (term === undefined) throw new Error(`${loss} has no term`);
  return { ...term, compute: (offers: Offers) => term.compute(offers, createSeededNoise()) };
};
const prior = () => buildComponent('prior', 'standard-normal').build(createTestScope(), 2);

/** Offers of two examples with posteriors by an output [2, 4], and samples by fixed noise. */
const latentOffers = (
  output: tf.Tensor,
  numSamples = 1,
  noise = createFixedNoise({ posterior: new Array<number>(4 * numSamples).fill(0.5) }),
): Offers => {
  const posterior = createPosterior(output, 'exp');
  const kl = prior().kl?.(posterior);
  return createTestOffers({ posterior, prior: prior(), z: posterior.sample(noise, numSamples), ...(kl === undefined ? {} : { kl }) });
};

describe('every term', () => {
  it.each(['reconstruction', 'kl', 'kl-monte-carlo'])('%s is minimised by encoder and decoder, and is a scalar', (loss) => {
    expect(buildComponent('loss', loss).terms).toHaveLength(1);
    expect(termOf(loss).players).toEqual(['encoder', 'decoder']);
  });
});

describe('reconstruction', () => {
  const observe = (logits: tf.Tensor) => buildComponent('likelihood', 'bernoulli').build(createTestScope(), dataFacts([2]))(logits);

  it('is the mean over samples and examples of the cost of all values', () => {
    // Two samples of one example; probabilities of what is seen: 1/2 1/2, then 3/4 1/2.
    const likelihood = observe(tf.tensor3d([[[0, 0]], [[Math.log(3), 0]]]));
    const term = termOf('reconstruction').compute(createTestOffers({ x: tf.tensor2d([[1, 0]]), likelihood }));
    expect(term.shape).toEqual([]);
    expect(valueOf(term)).toBeCloseTo(-(Math.log(1 / 4) + Math.log(3 / 8)) / 2, 6);
  });

  it('has the gradient of its values', () => {
    const x = tf.tensor2d([
      [1, 0],
      [1, 1],
    ]);
    expectGradient(
      (logits) => termOf('reconstruction').compute(createTestOffers({ x, likelihood: observe(tf.reshape(logits, [1, 2, 2])) })),
      [0.3, -1, 2, 0.5],
    );
  });

  it('is what a batch of one costs, averaged', () => {
    const cost = (x: tf.Tensor, logits: tf.Tensor): number =>
      valueOf(termOf('reconstruction').compute(createTestOffers({ x, likelihood: observe(logits) })));
    const x = tf.tensor2d([
      [1, 0],
      [1, 1],
    ]);
    const logits = tf.tensor3d([
      [
        [0.3, -1],
        [2, 0.5],
      ],
    ]);
    const each = [0, 1].map((i) => cost(tf.slice(x, [i, 0], [1, 2]), tf.slice(logits, [0, i, 0], [1, 1, 2])));
    expect(cost(x, logits)).toBeCloseTo((each[0]! + each[1]!) / 2, 6);
  });
});

describe('kl', () => {
  it('is the sum over latents, averaged over examples', () => {
    // Divergences 1/2 + 2 in the first example, 0 + 0 in the second.
    expect(
      valueOf(
        termOf('kl').compute(
          latentOffers(
            tf.tensor2d([
              [1, 2, 0, 0],
              [0, 0, 0, 0],
            ]),
          ),
        ),
      ),
    ).toBeCloseTo(1.25, 6);
  });

  it('is zero when the posterior equals the prior, and positive otherwise', () => {
    expect(valueOf(termOf('kl').compute(latentOffers(tf.zeros([2, 4]))))).toBe(0);
    fc.assert(
      fc.property(fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: 8, maxLength: 8 }), (output) => {
        expect(valueOf(termOf('kl').compute(latentOffers(tf.tensor2d(output, [2, 4]))))).toBeGreaterThanOrEqual(-1e-6);
      }),
    );
  });

  it('has the gradient of its values', () => {
    expectGradient((output) => termOf('kl').compute(latentOffers(tf.reshape(output, [2, 4]))), [0.4, -1, 0.3, -0.5, 1.2, 0, -0.8, 0.6]);
  });
});

describe('kl-monte-carlo', () => {
  it('is log q - log p at the samples, by hand', () => {
    // Mean 1, scale 2, noise 1/2 in one latent of one example: z = 2; the other three are at the prior and cost nothing.
    const offers = latentOffers(
      tf.tensor2d([
        [1, 0, Math.log(2), 0],
        [0, 0, 0, 0],
      ]),
    );
    expect(valueOf(termOf('kl-monte-carlo').compute(offers))).toBeCloseTo((-0.125 - Math.log(2) + 2) / 2, 5);
  });

  it('has the gradient of its values', () => {
    expectGradient(
      (output) => termOf('kl-monte-carlo').compute(latentOffers(tf.reshape(output, [2, 4]), 2)),
      [0.4, -1, 0.3, -0.5, 1.2, 0, -0.8, 0.6],
    );
  });

  it('agrees with the closed form over many samples', () => {
    const numSamples = 100_000;
    const offers = latentOffers(
      tf.tensor2d([
        [0.8, -1.5, -0.4, 0.2],
        [0.1, 0.3, -1, -0.2],
      ]),
      numSamples,
      createSeededNoise(2),
    );
    const closed = valueOf(termOf('kl').compute(offers));
    expect(Math.abs(valueOf(termOf('kl-monte-carlo').compute(offers)) - closed)).toBeLessThan(0.02);
  });

  it('needs no closed form', () => {
    expect(termOf('kl-monte-carlo').needs).toEqual(['posterior', 'prior', 'z']);
  });
});
