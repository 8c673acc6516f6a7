/**
 * Planar flows behind a Gaussian, their parameters told by the encoder for each example:
 *
 *   z' = z + u tanh(w z + b),   log |det| = log |1 + u psi|,   psi = (1 - tanh(w z + b)^2) w
 *
 * u is moved along w so that w u >= -1, where the map is one to one.
 * Source: Rezende & Mohamed 2015, "Variational inference with normalizing flows", equations 10 to 12 and appendix A.1.
 * Shapes: L samples, B batch, Z latent.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { carry, chain, type Flow } from '../shared/flow.js';
import { createPosterior } from '../shared/gaussian.js';

/** A direction of no length has nothing to be moved along. */
const leastSquare = 1e-6;

/** Of [B, 2 Z + 1]: u, w and b. */
const createPlanar = (told: tf.Tensor, latent: number): Flow => {
  const [free, w, b] = tf.split(told, [latent, latent, 1], 1);
  if (free === undefined || w === undefined || b === undefined) throw new Error('A tensor split in three gave fewer parts.');
  const product = tf.sum(tf.mul(w, free), 1, true);
  const move = tf.sub(tf.sub(tf.softplus(product), 1), product);
  const u = tf.add(free, tf.div(tf.mul(move, w), tf.add(tf.sum(tf.square(w), 1, true), leastSquare)));
  const along = tf.sum(tf.mul(u, w), 1, true);
  return (z) => {
    const bent_LB1 = tf.tanh(tf.add(tf.sum(tf.mul(z, w), 2, true), b));
    const slope_LB1 = tf.add(tf.mul(tf.sub(1, tf.square(bent_LB1)), along), 1);
    return { z: tf.add(z, tf.mul(u, bent_LB1)), logDeterminant: tf.squeeze(tf.log(tf.abs(slope_LB1)), [2]) };
  };
};

export default defineComponent({
  kind: 'posterior',
  name: 'planar-flow',
  description:
    'A Gaussian that is bent by planar flows (Rezende and Mohamed 2015), each of which the encoder parametrises per example. The divergence ' +
    'is estimated: take `kl-monte-carlo` or `iwae`.',
  params: { steps: { type: 'integer', minimum: 1, default: 4, unit: 'flows', description: 'How many flows follow each other.' } },
  build: ({ steps }) => ({
    form: 'other',
    numParameters: (latent) => 2 * latent + steps * (2 * latent + 1),
    build: (_, latent) => (output, form) => {
      const [gaussian, ...told] = tf.split(output, [2 * latent, ...new Array<number>(steps).fill(2 * latent + 1)], 1);
      if (gaussian === undefined) throw new Error('A tensor split in parts gave none.');
      return carry(createPosterior(gaussian, form), chain(told.map((each) => createPlanar(each, latent))));
    },
  }),
});
