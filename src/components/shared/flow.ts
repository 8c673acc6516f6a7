/**
 * Posteriors whose samples a flow carries on from a Gaussian's: log q(z') = log q(z) - log |det dz'/dz|.
 * Source: Rezende & Mohamed 2015, "Variational inference with normalizing flows", equation 13. Shapes: L samples, B batch, Z latent.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Posterior } from '../../registry/contracts/index.js';

export interface Carried {
  /** [L, B, Z] */
  readonly z: tf.Tensor;
  /** log |det dz'/dz| of all steps, [L, B]. */
  readonly logDeterminant: tf.Tensor;
}
export type Flow = (z_LBZ: tf.Tensor) => Carried;

/** One flow behind the other. */
export const chain =
  (flows: readonly Flow[]): Flow =>
  (z) =>
    flows.reduce<Carried>(
      (carried, flow) => {
        const next = flow(carried.z);
        return { z: next.z, logDeterminant: tf.add(carried.logDeterminant, next.logDeterminant) };
      },
      { z, logDeterminant: tf.zeros(z.shape.slice(0, 2)) },
    );

/** `scale` stays the Gaussian's, and `mean` is where its mean is carried. */
export const carry = (base: Posterior, flow: Flow): Posterior => {
  // The way back has no closed form; a sample's density is known from its way here.
  const densities = new WeakMap<tf.Tensor, tf.Tensor>();
  return {
    mean: tf.squeeze(flow(tf.expandDims(base.mean, 0)).z, [0]),
    scale: base.scale,
    logScale: base.logScale,
    sample: (noise, numSamples) => {
      const start = base.sample(noise, numSamples);
      const { z, logDeterminant } = flow(start);
      densities.set(z, tf.sub(base.logProb(start), logDeterminant));
      return z;
    },
    logProb: (z) => {
      const density = densities.get(z);
      if (density === undefined) throw new Error('a flow knows the density of its own samples alone, as `sample` gave them');
      return density;
    },
  };
};
