/** A model whose pictures can be worked out by hand: an image is two pixels, a code says how bright each of them is. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Facts, Moment } from '../../../src/registry/contracts/index.js';
import type { OfferMakers } from '../../../src/components/shared/offers.js';
import { bernoulliOf, createTestStudio, dataOf, posteriorAt, priorOf, type TestStudio } from '../../support/studio.js';

/** Pixels of the decoded mean: half as bright as what `encodePixel` takes for the code. */
export const decodePixel = (z: number): number => (z + 4) / 16;
export const encodePixel = (x: number): number => 8 * x - 4;
export const grey = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 255);

const decodeImages = (z: tf.Tensor): tf.Tensor => tf.reshape(tf.div(tf.add(tf.slice(z, [0, 0], [-1, 2]), 4), 16), [z.shape[0], 1, 2, 1]);

/** [1, 2, 1] images for codes of 2 latents; of more, the rest is ignored. */
export const offers = (latent: number) => (): OfferMakers => ({
  encode: () => (x) => {
    const means = tf.sub(tf.mul(tf.reshape(x, [-1, 2]), 8), 4);
    return posteriorAt(
      latent === 2
        ? means
        : tf.pad(means, [
            [0, 0],
            [0, latent - 2],
          ]),
    );
  },
  decode: () => (z) => bernoulliOf(decodeImages(z)),
  prior: () => priorOf(latent),
  sampleLatent: () => (noise, count) => noise.normal('prior', [count, latent]),
  generate: () => decodeImages,
});

/** No value whose grey, or whose half's, lies between two bytes. */
export const rows = [
  [0, 1],
  [0.25, 0.75],
  [0.45, 0.65],
  [1, 0],
  [0.65, 0.25],
].map((row) => Float32Array.from(row));
export const labels = [0, 1, 2, 0, 1];

export const studioOf = (latent: number): TestStudio =>
  createTestStudio({ data: dataOf([1, 2, 1], rows, labels), latent, offers: offers(latent) });

export const start: Moment = { epoch: 0, step: 0, isLast: false };
export const end: Moment = { epoch: 20, step: 1000, isLast: true };

export const facts = (changes: Partial<Facts> = {}): Facts => ({
  data: { shape: [1, 2, 1], numClasses: 3, support: 'unit-interval' },
  latent: 2,
  offers: ['encode', 'decode', 'prior', 'sampleLatent', 'generate'],
  players: [],
  metricColumns: ['elbo', 'kl'],
  trainingColumns: ['loss', 'loss.reconstruction', 'loss.kl', 'learning-rate'],
  counts: null,
  ...changes,
});
export const points = { shape: [2], numClasses: null, support: 'real' } as const;
