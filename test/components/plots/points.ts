/** Points in the plane and numbers, real and generated, for plots of them. */
import * as tf from '@tensorflow/tfjs-core';
import type { Data, GaussianMixture } from '../../../src/registry/contracts/index.js';
import { createTestStudio, dataOf, type TestStudio } from '../../support/studio.js';

const plane: GaussianMixture = {
  means: [
    [-2, 0],
    [2, 0],
  ],
  deviation: 0.25,
};

/** Real points lie at the modes. */
export const planeData = (mixture: GaussianMixture | null = plane): Data => ({
  ...dataOf(
    [2],
    [
      [-2, 0],
      [2, 0],
      [2, 1],
      [-2, -1],
    ].map((row) => Float32Array.from(row)),
  ),
  ...(mixture === null ? {} : { mixture }),
});

export const numberData: Data = {
  ...dataOf(
    [1],
    Array.from({ length: 100 }, (_, i) => Float32Array.of(3 + i / 100)),
  ),
  mixture: { means: [[3.5]], deviation: 0.5 },
};

/** `scale` times the codes; it may change from moment to moment, as weights do. */
export const pointStudio = (data: Data, weights: { scale: number } = { scale: 1 }): TestStudio => {
  const size = data.shape[0]!;
  return createTestStudio({
    data,
    latent: size,
    offers: () => ({
      sampleLatent: () => (noise, count) => noise.normal('codes', [count, size]),
      generate: () => (z) => tf.mul(z, weights.scale),
    }),
  });
};
