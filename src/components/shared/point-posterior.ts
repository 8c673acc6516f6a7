/** All of q(z|x) in one place: codes of autoencoders. */
import * as tf from '@tensorflow/tfjs-core';
import type { PosteriorFamily } from '../../registry/contracts/index.js';

/** Of a scale of nothing: finite, since offers are, and e^-80 is nothing to float32. */
const logOfNothing = -80;

export const pointPosterior: PosteriorFamily = {
  form: 'other',
  numParameters: (latent) => latent,
  build: () => (mean) => ({
    mean,
    scale: tf.zerosLike(mean),
    logScale: tf.fill(mean.shape, logOfNothing),
    sample: (_, numSamples) => tf.tile(tf.expandDims(mean, 0), [numSamples, 1, 1]),
    logProb: () => {
      throw new Error('a `point` posterior has no density: take a loss of the codes, such as `mmd`, in place of one of the posterior');
    },
  }),
};
