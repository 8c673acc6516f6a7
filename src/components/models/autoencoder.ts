/**
 * Autoencoder: a code for each example and the way back, without a distribution of codes. While it trains, the encoder may see the examples
 * corrupted, which the decoder has to mend; the losses say what else is asked of the codes.
 * Source: Rumelhart, Hinton & Williams 1986; denoising, Vincent et al. 2008, "Extracting and composing robust features with denoising
 * autoencoders".
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Pass } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { createOffers } from '../shared/offers.js';
import { pointPosterior } from '../shared/point-posterior.js';
import { createVariational, misfitOfAutoencoder, variationalOffers, variationalParams } from '../shared/variational.js';

const corruptionNames = ['none', 'normal', 'masking'] as const;

const corruptions: Readonly<Record<(typeof corruptionNames)[number], (x: tf.Tensor, { noise }: Pass, amount: number) => tf.Tensor>> = {
  none: (x) => x,
  normal: (x, { noise }, amount) => tf.add(x, tf.mul(noise.normal('corruption', x.shape), amount)),
  masking: (x, { noise }, amount) => tf.mul(x, tf.cast(tf.greaterEqual(noise.uniform('corruption', x.shape), amount), 'float32')),
};

export default defineComponent({
  kind: 'model',
  name: 'autoencoder',
  description:
    'An autoencoder, plain or denoising (Vincent et al. 2008): `reconstruction` trains it, and losses such as `code-norm` and ' +
    '`decoder-slope` regularize it. It has no prior to sample from: the plot `fitted-samples` and, for metrics, the `sampler` of the experiment fit one to the codes.',
  params: {
    latent: variationalParams.latent,
    encoder: { ...variationalParams.encoder, description: 'From an example to its code.' },
    decoder: variationalParams.decoder,
    likelihood: variationalParams.likelihood,
    corruption: {
      type: 'string',
      enum: corruptionNames,
      default: 'none',
      description:
        'What is done to examples before the encoder sees them while training: `normal` noise on each value, or `masking` by zero.',
    },
    amount: {
      type: 'number',
      minimum: 0,
      default: 0.3,
      description: 'Of corruption: the standard deviation of the noise, or the share of values that are masked.',
    },
  },
  build: ({ corruption, amount, ...networks }) => {
    const parts = { ...networks, posterior: pointPosterior, prior: null, samples: 1 };
    return {
      players: ['encoder', 'decoder'],
      offers: variationalOffers(parts),
      latent: parts.latent,
      check: (facts) => misfitOfAutoencoder(parts, facts),
      build: (scope, data) => {
        const offersOf = createVariational(scope, data, parts, {
          corrupt: (x, pass) => (pass.training ? corruptions[corruption](x, pass, amount) : x),
        });
        return (batch, pass) => createOffers(offersOf(batch, pass));
      },
    };
  },
});
