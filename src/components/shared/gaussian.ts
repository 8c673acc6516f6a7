/**
 * Diagonal Gaussians: densities, and the posterior that an encoder's output stands for.
 * Shapes: B batch, L samples, Z latent.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Posterior, ScaleForm } from '../../registry/contracts/index.js';
import { toScale } from './scale.js';

const logTwoPi = Math.log(2 * Math.PI);

/** log N(z; 0, I), summed over the last axis: [...] for z [..., Z]. */
export const standardNormalLogProb = (z: tf.Tensor): tf.Tensor => {
  const numLatents = z.shape.at(-1) ?? 1;
  return tf.sub(tf.mul(tf.sum(tf.square(z), -1), -0.5), 0.5 * numLatents * logTwoPi);
};

/** KL(N(mean, scale^2) || N(0, 1)) = (mean^2 + scale^2 - 1) / 2 - ln scale, per element. */
export const klToStandardNormal = ({ mean, scale, logScale }: Posterior): tf.Tensor =>
  tf.sub(tf.mul(tf.sub(tf.add(tf.square(mean), tf.square(scale)), 1), 0.5), logScale);

/**
 * The posterior of an encoder's output [B, 2 Z]: means first, then what `form` makes scales of. Samples are
 * mean + scale * noise (Kingma & Welling 2014, section 2.4); the noise is called `posterior`.
 */
export const createPosterior = (output_B2Z: tf.Tensor, form: ScaleForm): Posterior => {
  const [mean, unbounded] = tf.split(output_B2Z, 2, 1);
  if (mean === undefined || unbounded === undefined) throw new Error('A tensor split in two gave fewer parts.');
  const { scale, logScale } = toScale(unbounded, form);
  return {
    mean,
    scale,
    logScale,
    sample: (noise, numSamples) => {
      const noise_LBZ = noise.normal('posterior', [numSamples, ...mean.shape]);
      return tf.add(mean, tf.mul(scale, noise_LBZ));
    },
    logProb: (z_LBZ) => {
      const standardised_LBZ = tf.div(tf.sub(z_LBZ, mean), scale);
      return tf.sub(standardNormalLogProb(standardised_LBZ), tf.sum(logScale, -1));
    },
  };
};

/** log q(z_d|x_j) of every code's numbers by every example's posterior: [L, B, J, Z] for z [L, B, Z] and J examples. */
export const logDensities = ({ mean, scale, logScale }: Posterior, z_LBZ: tf.Tensor): tf.Tensor => {
  const standardised = tf.div(tf.sub(tf.expandDims(z_LBZ, 2), mean), scale);
  return tf.sub(tf.mul(tf.square(standardised), -0.5), tf.add(logScale, 0.5 * logTwoPi));
};
