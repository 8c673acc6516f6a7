/**
 * Linear Gaussian models, of which everything is known in closed form:
 *
 *   z ~ N(0, I),   x|z ~ N(W z + m, Psi),   Psi diagonal,   so x ~ N(m, W W' + Psi)
 *   z|x ~ N(P^-1 W' Psi^-1 (x - m), P^-1),   P = I + W' Psi^-1 W
 *   log p(x) = -1/2 [D log 2 pi + sum log Psi + log det P + (x - m)' Psi^-1 (x - m) - mean' P mean]
 *
 * The columns of W are turned so that P is diagonal, which changes no distribution over x. They are found from the training split's mean and
 * covariance, by a formula or by EM, and not by gradients. Shapes: B batch, D values of an example, Z latent, L samples, N any number.
 * Sources: Tipping & Bishop 1999, "Probabilistic Principal Component Analysis"; Rubin & Thayer 1982, "EM algorithms for ML factor analysis".
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Data, DataFacts, Facts, Misfit, Model, Observation, OfferName, Posterior } from '../../registry/contracts/index.js';
import { createPosterior, klToStandardNormal, standardNormalLogProb } from './gaussian.js';
import { createMoments, type Moments } from './gaussian-moments.js';
import { zeros } from './initializers.js';
import { createOffers, memoize } from './offers.js';
import { flattenData, numValues } from './shapes.js';

/** What is found: the mean [D], W [D, Z] with columns that P is diagonal for, and the diagonal of Psi [D]. */
export interface LinearGaussian {
  readonly mean: Float64Array;
  readonly loadings: Float64Array;
  readonly noise: Float64Array;
}

const batch = 1000;

/** Mean and covariance of the whole training split, divided by the number of examples, as maximum likelihood has it; without augmentation. */
export const trainingMoments = (data: Data): Moments => {
  const { train } = data.splits;
  const width = numValues(data.shape);
  const moments = createMoments(width);
  const rows = new Float32Array(batch * width);
  for (let from = 0; from < train.count; from += batch) {
    const size = Math.min(batch, train.count - from);
    const indices = Int32Array.from({ length: size }, (_, i) => from + i);
    (train.plain ?? train).read(indices, 0, rows.subarray(0, size * width));
    moments.add(rows, size);
  }
  const { mean, covariance, count } = moments.result();
  return { mean, covariance: covariance.map((value) => (value * (count - 1)) / count), count };
};

const offered: readonly OfferName[] = [
  ...(['x', 'posterior', 'z', 'likelihood', 'reconstruction', 'prior', 'kl', 'encode', 'decode', 'sampleLatent', 'generate'] as const),
  'evidence',
];

const misfit = (latent: number, { data }: Facts): Misfit | null => {
  if (data === null) return null;
  const width = numValues(data.shape);
  if (latent < width) return null;
  return {
    param: 'latent',
    message: `must be less than the ${String(width)} values of an example, and is ${String(latent)}`,
    help: 'What is left over is noise, and some must be.',
  };
};

/** A model whose variables `find` gives for the data. */
export const createLinearGaussian = (latent: number, find: (data: Data) => LinearGaussian): Model => ({
  players: [],
  offers: offered,
  latent,
  check: (facts) => misfit(latent, facts),
  fit: (data) => {
    const { mean, loadings, noise } = find(data);
    return new Map([
      ['factors/mean', Float32Array.from(mean)],
      ['factors/loadings', Float32Array.from(loadings)],
      ['factors/noise', Float32Array.from(noise)],
    ]);
  },
  build: (scope, data) => {
    const width = numValues(data.shape);
    const factors = scope.child('factors');
    const mean_D = factors.state('mean', [width], zeros);
    const loadings_DZ = factors.state('loadings', [width, latent], zeros);
    const noise_D = factors.state('noise', [width], (out) => out.fill(1));
    return (given, pass) => {
      const weighted_DZ = tf.div(loadings_DZ, tf.expandDims(noise_D, 1));
      const precision_Z = tf.add(tf.sum(tf.mul(loadings_DZ, weighted_DZ), 0), 1);
      const centre = (x: tf.Tensor): tf.Tensor => tf.sub(flattenData(x, data.shape), mean_D);
      const encode = (x: tf.Tensor): Posterior => {
        const mean = tf.div(tf.matMul(centre(x), weighted_DZ), precision_Z);
        const logScale = tf.mul(tf.log(precision_Z), -0.5);
        return createPosterior(tf.concat([mean, tf.add(tf.zerosLike(mean), logScale)], 1), 'exp');
      };
      const decode = (z: tf.Tensor): Observation => observe(data, noise_D, mean_D, loadings_DZ, z);
      const x = (): tf.Tensor => {
        if (given.x === undefined) throw new Error('the pass was given no examples, and something reads the batch');
        return given.x;
      };
      const posterior = memoize(() => encode(x()));
      const z = memoize(() => posterior().sample(pass.noise, 1));
      const likelihood = memoize(() => decode(z()));
      return createOffers({
        x,
        posterior,
        z,
        likelihood,
        reconstruction: () => decode(posterior().mean).mean,
        prior: () => ({
          sample: (noise, count) => noise.normal('prior', [count, latent]),
          logProb: standardNormalLogProb,
          kl: klToStandardNormal,
        }),
        kl: () => klToStandardNormal(posterior()),
        encode: () => encode,
        decode: () => decode,
        sampleLatent: () => (noise, count) => noise.normal('prior', [count, latent]),
        generate: () => (codes) => decode(codes).mean,
        evidence: () => {
          const centred_BD = centre(x());
          const quadratic = tf.sub(
            tf.sum(tf.div(tf.square(centred_BD), noise_D), 1),
            tf.sum(tf.mul(tf.square(posterior().mean), precision_Z), 1),
          );
          const logDeterminant = tf.add(tf.sum(tf.log(noise_D)), tf.sum(tf.log(precision_Z)));
          return tf.mul(tf.add(quadratic, tf.add(logDeterminant, width * Math.log(2 * Math.PI))), -0.5);
        },
      });
    };
  },
});

const observe = (data: DataFacts, noise_D: tf.Tensor, mean_D: tf.Tensor, loadings_DZ: tf.Tensor, z: tf.Tensor): Observation => {
  const [width = 1, latent = 1] = loadings_DZ.shape;
  const leading = z.shape.slice(0, -1);
  const flat = tf.add(tf.matMul(tf.reshape(z, [-1, latent]), loadings_DZ, false, true), mean_D);
  const mean_ND = tf.reshape(flat, [...leading, width]);
  const mean = tf.reshape(flat, [...leading, ...data.shape]);
  return {
    mean,
    logProb: (x) => {
      const misfit_N = tf.sum(tf.div(tf.square(tf.sub(flattenData(x, data.shape), mean_ND)), noise_D), -1);
      return tf.mul(tf.add(misfit_N, tf.add(tf.sum(tf.log(noise_D)), width * Math.log(2 * Math.PI))), -0.5);
    },
    sample: (noise) => {
      const spread = tf.mul(noise.normal('likelihood', [...leading, width]), tf.sqrt(noise_D));
      return tf.reshape(tf.add(mean_ND, spread), mean.shape);
    },
  };
};
