/**
 * Adversarial autoencoder: an autoencoder whose codes are made like those of any distribution that can be drawn from, by a discriminator
 * that takes draws of it for real and the encoder's codes for fakes.
 *
 * Shapes: B batch, Z latent; z is [1, B, Z], as a VAE's with one sample.
 * Source: Makhzani, Shlens, Jaitly, Goodfellow & Frey 2016, "Adversarial autoencoders", with the deterministic encoder.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { createCritic, prefixPass } from '../shared/critique.js';
import { prefixObservation } from '../shared/named-noise.js';
import { misfitOfNetworks } from '../shared/network-fit.js';
import { createOffers, memoize } from '../shared/offers.js';
import { pointPosterior } from '../shared/point-posterior.js';
import { createDecode, misfitOfAutoencoder, variationalParams } from '../shared/variational.js';

export default defineComponent({
  kind: 'model',
  name: 'aae',
  description:
    'An adversarial autoencoder (Makhzani et al. 2016): a discriminator makes the codes look like draws of `latent`. In each round ' +
    'encoder and decoder reconstruct, the discriminator learns, and the encoder tries to be mistaken.',
  params: {
    latent: {
      component: 'latent',
      description: 'What codes are to look like; a number is the size of a standard normal code.',
      examples: [8],
    },
    encoder: { ...variationalParams.encoder, description: 'From an example to its code.' },
    decoder: variationalParams.decoder,
    likelihood: variationalParams.likelihood,
    discriminator: { component: 'discriminator', default: 'mlp', description: 'From a code to a logit.' },
  },
  build: ({ latent, encoder, decoder, likelihood, discriminator }) => ({
    players: ['encoder', 'decoder', 'discriminator'],
    roles: { generator: ['encoder'] },
    updates: [['encoder', 'decoder'], ['discriminator'], ['generator']],
    offers: [
      'x',
      'z',
      'likelihood',
      'reconstruction',
      'encode',
      'decode',
      'real',
      'fake',
      'discriminator.real',
      'discriminator.fake',
      'discriminate',
      'sampleLatent',
      'generate',
    ],
    latent: latent.size,
    check: (facts) =>
      misfitOfAutoencoder({ latent: latent.size, encoder, decoder, likelihood }, facts) ??
      misfitOfNetworks({ discriminator: [discriminator, { input: [latent.size], output: [1] }] }),
    build: (scope, data) => {
      const encoderLayers = encoder.build(scope.child('encoder'), { input: data.shape, output: [latent.size] });
      const decodeIn = createDecode(scope.child('decoder'), data, { latent: latent.size, decoder, likelihood });
      const criticize = createCritic(discriminator.build(scope.child('discriminator'), { input: [latent.size], output: [1] }));
      const pointOf = pointPosterior.build(scope, latent.size);
      return (batch, pass) => {
        const x = (): tf.Tensor => {
          if (batch.x === undefined) throw new Error('the pass was given no examples, and something reads the batch');
          return batch.x;
        };
        const codes = memoize(() => encoderLayers.apply(x(), pass).output);
        const z = memoize(() => tf.reshape(codes(), [1, -1, latent.size]));
        const likelihoodOfBatch = memoize(() => decodeIn(z(), pass));
        const real = memoize(() => latent.sample(pass.noise, 'latent', x().shape[0]));
        let numEncoded = 0;
        let numDecoded = 0;
        let numGenerated = 0;
        let numCriticized = 0;
        return createOffers({
          x,
          z,
          likelihood: likelihoodOfBatch,
          reconstruction: () => tf.mean(likelihoodOfBatch().mean, 0),
          encode: () => (examples) => {
            const its = prefixPass(pass, `encode-${String(++numEncoded)}`);
            return pointOf(encoderLayers.apply(examples, its).output, encoder.scale, its);
          },
          decode: () => (given) => {
            const name = `decode-${String(++numDecoded)}`;
            return prefixObservation(decodeIn(given, prefixPass(pass, name)), name);
          },
          real,
          fake: codes,
          'discriminator.real': () => criticize(real(), prefixPass(pass, 'discriminator-real')),
          'discriminator.fake': () => criticize(codes(), prefixPass(pass, 'discriminator-fake')),
          discriminate: () => (given) => criticize(given, prefixPass(pass, `discriminate-${String(++numCriticized)}`)),
          sampleLatent: () => (noise, count) => latent.sample(noise, 'latent', count),
          generate: () => (given) => decodeIn(given, prefixPass(pass, `generate-${String(++numGenerated)}`)).mean,
        });
      };
    },
  }),
});
