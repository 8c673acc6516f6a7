/**
 * Vector-quantised VAE: a code is P vectors, each of which is rounded to the nearest of a codebook,
 *
 *   z = e_k,   k = argmin_j |z_e - e_j|
 *
 * and what the decoder's gradient says of z is taken for z_e (straight through). The posterior is sure, the prior uniform over the codebook,
 * so that the divergence is a constant, P ln K.
 * Source: van den Oord, Vinyals & Kavukcuoglu 2017, "Neural discrete representation learning". Shapes: B batch, Z = P D.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { PosteriorFamily, Quantization } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { createCodebook } from '../shared/codebook.js';
import { pickEvenly } from '../shared/inference.js';
import { createOffers } from '../shared/offers.js';
import { pointPosterior } from '../shared/point-posterior.js';
import { stopGradient } from '../shared/stop-gradient.js';
import { createVariational, misfitOfAutoencoder, variationalOffers, variationalParams } from '../shared/variational.js';

export default defineComponent({
  kind: 'model',
  name: 'vq-vae',
  description:
    'A VAE whose codes are made of vectors from a codebook (van den Oord et al. 2017); trained by `reconstruction` and `vector-quantization`.',
  params: {
    latent: {
      ...variationalParams.latent,
      examples: [32],
      description: 'Size of a code: the number of its vectors times their dimension.',
    },
    dimension: {
      type: 'integer',
      minimum: 1,
      default: 4,
      examples: [2],
      unit: 'numbers',
      description: 'Numbers in a vector of the codebook.',
    },
    codes: { type: 'integer', minimum: 2, default: 64, unit: 'vectors', description: 'Vectors in the codebook.' },
    codebook: {
      type: 'string',
      enum: ['gradient', 'moving-average'],
      default: 'gradient',
      description:
        'How the codebook learns: by the gradient of `vector-quantization`, or as the moving average of what is rounded to each vector.',
    },
    decay: {
      type: 'number',
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0.99,
      description: 'What moving averages keep of themselves in each step.',
    },
    encoder: { ...variationalParams.encoder, description: 'From an example to its code, before it is rounded.' },
    decoder: variationalParams.decoder,
    likelihood: variationalParams.likelihood,
  },
  build: ({ latent, dimension, codes, codebook, decay, ...networks }) => {
    const numVectors = latent / dimension;
    const isMoving = codebook === 'moving-average';
    const posterior: PosteriorFamily = {
      ...pointPosterior,
      refuses: (size) =>
        size % dimension === 0 ? null : `is ${String(size)}, which is not made of vectors of ${String(dimension)} numbers`,
    };
    const parts = { ...networks, latent, posterior, prior: null, samples: 1 };
    return {
      players: ['encoder', 'decoder'],
      offers: [...variationalOffers(parts), 'quantization', 'sampleLatent'],
      latent,
      estimatesGradients: true,
      check: (facts) => misfitOfAutoencoder(parts, facts),
      build: (scope, data) => {
        const book = createCodebook(scope.child('encoder').child('codebook'), {
          numVectors: codes,
          dimension,
          decay: isMoving ? decay : null,
        });
        const seen = new WeakMap<tf.Tensor, Pick<Quantization, 'encoded' | 'quantized'>>();
        const pointOf = posterior.build(scope, latent);
        const rounding: PosteriorFamily = {
          ...posterior,
          build: () => (encoded, form, pass) => {
            const quantized = tf.reshape(book.quantize(tf.reshape(encoded, [-1, dimension]), pass), encoded.shape);
            const through = tf.add(encoded, stopGradient(tf.sub(quantized, encoded)));
            seen.set(through, { encoded, quantized });
            return pointOf(through, form, pass);
          },
        };
        const offersOf = createVariational(scope, data, { ...parts, posterior: rounding });
        return (batch, pass) => {
          const makers = offersOf(batch, pass);
          return createOffers({
            ...makers,
            quantization: () => {
              const found = seen.get(makers.posterior().mean);
              if (found === undefined) throw new Error('a posterior was not made of its codebook');
              return { ...found, isTrained: !isMoving };
            },
            sampleLatent: () => (noise, count) => {
              const chosen = pickEvenly(tf.reshape(noise.uniform('prior', [count, numVectors]), [-1, 1]), codes);
              return tf.reshape(tf.matMul(chosen, book.vectors()), [count, latent]);
            },
          });
        };
      },
    };
  },
});
