/**
 * The diagonal Gaussian q(z|x) = N(mean(x), scale(x)^2), with samples mean + scale noise. With one scale for all examples, a linear encoder and
 * a linear decoder, its bound has its maximum at the likelihood of probabilistic PCA.
 * Source: Kingma & Welling 2014, "Auto-Encoding Variational Bayes", section 2.4 and appendix C.2; Lucas et al. 2019, "Don't Blame the ELBO!".
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { createPosterior } from '../shared/gaussian.js';
import { zeros } from '../shared/initializers.js';

export default defineComponent({
  kind: 'posterior',
  name: 'gaussian',
  description: 'A Gaussian with a mean and a scale of its own for each latent; divergences from a Gaussian prior have closed forms.',
  params: {
    scale: {
      type: 'string',
      enum: ['per-example', 'shared'],
      default: 'per-example',
      description: 'Whether the encoder tells a scale for each example, or one is learned for all of them, as the linear VAE has it.',
    },
  },
  build: ({ scale }) => ({
    form: 'gaussian',
    numParameters: (latent) => (scale === 'shared' ? latent : 2 * latent),
    build: (scope, latent) => {
      if (scale === 'per-example') return createPosterior;
      const unbounded_1Z = scope.variable('scale', [1, latent], zeros);
      return (mean, form) => createPosterior(tf.concat([mean, tf.add(tf.zerosLike(mean), unbounded_1Z)], 1), form);
    },
  }),
});
