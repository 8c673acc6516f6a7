/** Penalties on a discriminator, on critics whose slope is known. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Noise, Offers } from '../../../src/registry/contracts/index.js';
import { buildComponent } from '../../support/build.js';
import { expectGradients } from '../../support/finite-differences.js';
import { createFixedNoise, createSeededNoise, useCpuBackend, valueOf, valuesOf } from '../../support/pass.js';
import { critique, partOf, points } from './parts.js';

useCpuBackend();

describe('penalties', () => {
  const spread = tf.tensor2d(points.filter((_, i) => i % 40 === 0).map((x) => [x]));
  const linear =
    (s: tf.Tensor): Offers['discriminate'] =>
    (x) =>
      critique(tf.reshape(tf.mul(x, s), [-1]), x);

  /** D(x) = |x|^2 / 2, whose slope is x itself; what it was asked about is kept. */
  const quadratic = (): { readonly discriminate: Offers['discriminate']; readonly seen: number[] } => {
    const seen: number[] = [];
    const discriminate: Offers['discriminate'] = (x) => {
      seen.push(...valuesOf(x));
      return critique(tf.mul(tf.sum(tf.square(tf.reshape(x, [x.shape[0], -1])), 1), 0.5));
    };
    return { discriminate, seen };
  };
  /** Two images, [2, 1, 2, 1]. */
  const images = tf.tensor4d([6, 8, 0, 2], [2, 1, 2, 1]);
  const createUniform = (values: Readonly<Record<string, readonly number[]>>): Noise => ({
    ...createFixedNoise(values),
    normal: (name) => {
      throw new Error(`"${name}" is to be uniform`);
    },
  });

  it.each(['gradient-penalty', 'dragan', 'r1', 'r2', 'consistency'])('%s is paid by the discriminator alone', (loss) => {
    expect(buildComponent('loss', loss).terms.map(({ players }) => players)).toEqual([['discriminator']]);
  });

  it.each([
    ['gradient-penalty', 10, 1, 1.05],
    ['gradient-penalty', 2, 3, 1.75],
    ['r1', 2, 3, 1.5],
    ['r2', 4, 1, 0.25],
  ])('%s of weight %d lets a linear critic of a shift %d have the slope %d', (type, weight, d, slope) => {
    // The critic s x, with fakes below the data, gains s d; the sum with the penalty is smallest at `slope`.
    const total = tf.grad((s: tf.Tensor) => {
      const [real, fake, discriminate] = [spread, tf.sub(spread, d), linear(s)];
      const judged = { 'discriminator.real': discriminate(real), 'discriminator.fake': discriminate(fake) };
      const penalty = partOf(type, 'discriminator', { real, fake, discriminate });
      return tf.add(tf.mul(penalty, weight), partOf('gan-wasserstein', 'discriminator', judged));
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

  it('look between the real and the fake, at the share that is drawn for each example', () => {
    const { discriminate, seen } = quadratic();
    const offers = { real: images, fake: tf.zeros(images.shape), discriminate };
    const cost = (slope: number): number =>
      valueOf(partOf({ type: 'gradient-penalty', slope }, 'discriminator', offers, createUniform({ mix: [0.5, 1] })));
    // Slopes as long as (3, 4) and (0, 2).
    expect(cost(1)).toBeCloseTo((16 + 1) / 2, 4);
    expect(seen).toEqual([3, 4, 0, 2]);
    expect(cost(2)).toBeCloseTo((9 + 0) / 2, 4);
  });

  it('look around the real, as far as half a standard deviation', () => {
    const { discriminate, seen } = quadratic();
    const cost = (spread?: number): number =>
      valueOf(
        partOf(
          { type: 'dragan', ...(spread === undefined ? {} : { spread }) },
          'discriminator',
          { real: tf.tensor2d([[1], [5]]), discriminate },
          createUniform({ around: [0.5, 1] }),
        ),
      );
    // The deviation is 2 around the mean 3.
    expect(cost()).toBeCloseTo((0.5 ** 2 + 5 ** 2) / 2, 4);
    expect(seen).toEqual([1.5, 6]);
    expect(cost(1)).toBeCloseTo((1 ** 2 + 6 ** 2) / 2, 4);
  });

  it('are half the squared slope at the real or at the fake', () => {
    const { discriminate } = quadratic();
    const halved = tf.mul(images, 0.5);
    expect(valueOf(partOf('r1', 'discriminator', { real: images, discriminate }))).toBeCloseTo((100 + 4) / 2 / 2, 4);
    expect(valueOf(partOf('r2', 'discriminator', { fake: halved, discriminate }))).toBeCloseTo((25 + 1) / 2 / 2, 4);
  });

  it.each(['gradient-penalty', 'dragan', 'r1', 'r2'])('%s has a finite gradient where the slope is zero', (type) => {
    const slope = tf.grad((s: tf.Tensor) => partOf(type, 'discriminator', { real: spread, fake: spread, discriminate: linear(s) }));
    expect(valueOf(slope(tf.tensor1d([0])))).toBe(0);
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
    const oneSided = { type: 'gradient-penalty', sides: 'one', slope: 0.1 };
    for (const loss of ['gradient-penalty', oneSided, 'dragan', 'r1', 'r2', { type: 'consistency', deviation: 0.5 }]) {
      const part = (): tf.Tensor =>
        partOf(loss, 'discriminator', { real, fake, discriminate, 'discriminator.real': discriminate(real) }, createSeededNoise(4));
      expectGradients(part, kernels, { step: 0.005 });
    }
  });

  it('ask the same of noisy copies', () => {
    const discriminate = linear(tf.tensor1d([2]));
    const offers = { real: tf.tensor2d([[1], [2]]), discriminate, 'discriminator.real': discriminate(tf.tensor2d([[1], [2]])) };
    const noise = createFixedNoise({ copies: [1, -2] });
    expect(valueOf(partOf({ type: 'consistency', deviation: 0.5 }, 'discriminator', offers, noise))).toBeCloseTo((1 + 4) / 2, 5);
  });
});
