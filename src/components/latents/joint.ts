/** Several latents side by side, such as a class and two continuous codes (InfoGAN, Chen et al. 2016, section 7.2). */
import * as tf from '@tensorflow/tfjs-core';
import type { Latent } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';

/** Known where it is known of all parts; the parts are independent, and their log densities add up. */
const inferenceOf = (parts: readonly Latent[]): Latent['inference'] => {
  const known = parts.flatMap(({ size, inference }) => (inference === null ? [] : [{ size, inference }]));
  if (known.length < parts.length) return null;
  return {
    numParameters: known.reduce((sum, { inference }) => sum + inference.numParameters, 0),
    logProb: (codes, parameters) => {
      const ofParts = tf.split(
        codes,
        known.map(({ size }) => size),
        1,
      );
      const given = tf.split(
        parameters,
        known.map(({ inference }) => inference.numParameters),
        1,
      );
      return tf.addN(
        known.map(({ inference }, i) => {
          const [code, parameter] = [ofParts[i], given[i]];
          if (code === undefined || parameter === undefined) throw new Error('a tensor was split into fewer parts than asked for');
          return inference.logProb(code, parameter);
        }),
      );
    },
  };
};

export default defineComponent({
  kind: 'latent',
  name: 'joint',
  description: 'Several independent latents, one after another in a code.',
  params: {
    parts: {
      type: 'array',
      items: { component: 'latent' },
      minItems: 2,
      description: 'The latents, in their order within a code.',
    },
  },
  build: ({ parts }) => ({
    size: parts.reduce((sum, { size }) => sum + size, 0),
    sample: (noise, name, count) =>
      tf.concat(
        parts.map((part, i) => part.sample(noise, `${name}-${String(i)}`, count)),
        1,
      ),
    inference: inferenceOf(parts),
  }),
});
