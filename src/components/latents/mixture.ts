/**
 * A mixture of Gaussians whose centres lie on a circle in the first two dimensions: a prior with clusters, as adversarial autoencoders
 * are shown with (Makhzani et al. 2016, figure 2).
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { pickEvenly } from '../shared/inference.js';

/** Component k of K is at the angle 2 pi k / K: [K, size]. */
const centresOn = (radius: number, components: number, size: number): Float32Array => {
  const centres = new Float32Array(components * size);
  for (let k = 0; k < components; k++) {
    const angle = (2 * Math.PI * k) / components;
    centres[k * size] = radius * Math.cos(angle);
    centres[k * size + 1] = radius * Math.sin(angle);
  }
  return centres;
};

export default defineComponent({
  kind: 'latent',
  name: 'mixture',
  description: 'Equally likely Gaussians with centres on a circle in the first two dimensions.',
  params: {
    components: { type: 'integer', minimum: 1, default: 10, description: 'How many Gaussians.' },
    size: { type: 'integer', minimum: 2, default: 2, unit: 'dimensions', description: 'Numbers per code.' },
    radius: { type: 'number', minimum: 0, default: 4, description: 'Of the circle.' },
    deviation: { type: 'number', exclusiveMinimum: 0, default: 0.5, description: 'Standard deviation of each Gaussian in each direction.' },
  },
  build: ({ components, size, radius, deviation }) => ({
    size,
    sample: (noise, name, count) => {
      const chosen = pickEvenly(noise.uniform(`${name}-component`, [count, 1]), components);
      const centres = tf.tensor2d(centresOn(radius, components, size), [components, size]);
      return tf.add(tf.matMul(chosen, centres), tf.mul(noise.normal(`${name}-offset`, [count, size]), deviation));
    },
    inference: null,
  }),
});
