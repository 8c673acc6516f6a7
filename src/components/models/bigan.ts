/**
 * BiGAN and ALI: the discriminator sees pairs of an example and a code, (x, E(x)) as real and (G(z), z) as fake; where it can tell them no
 * more, the encoder inverts the generator. The loss is `bigan`.
 * Sources: Donahue, Krahenbuhl & Darrell 2017 (deterministic encoder); Dumoulin et al. 2017 (ALI, stochastic encoder).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Pass, Posterior } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { createCritic, prefixPass } from '../shared/critique.js';
import { createPosterior } from '../shared/gaussian.js';
import { prefixPosterior } from '../shared/named-noise.js';
import { misfitOfNetworks } from '../shared/network-fit.js';
import { createOffers, memoize } from '../shared/offers.js';
import { pointPosterior } from '../shared/point-posterior.js';
import { outputParam, toRange } from '../shared/output-range.js';

export default defineComponent({
  kind: 'model',
  name: 'bigan',
  description:
    'A GAN on pairs of example and code, with an encoder that learns to invert the generator (Donahue et al. 2017; ALI, Dumoulin et al. 2017).',
  params: {
    latent: {
      component: 'latent',
      description: 'What the generator starts from; a number is the size of a standard normal code.',
      examples: [50],
    },
    encoder: { component: 'encoder', default: 'mlp', description: 'From an example to its code.' },
    generator: { component: 'generator', default: 'mlp', description: 'From a code to an example.' },
    discriminator: { component: 'discriminator', default: 'mlp', description: 'From an example and a code to a logit.' },
    stochastic: {
      type: 'boolean',
      default: false,
      description: 'Whether codes of examples are drawn from a Gaussian, as in ALI, or are its mean.',
    },
    output: outputParam,
  },
  build: ({ latent, encoder, generator, discriminator, stochastic, output }) => {
    const { size } = latent;
    return {
      players: ['encoder', 'generator', 'discriminator'],
      updates: [['discriminator'], ['generator', 'encoder']],
      offers: [
        'x',
        'z',
        'real',
        'fake',
        'discriminator.real',
        'discriminator.fake',
        'encode',
        'reconstruction',
        'sampleLatent',
        'generate',
      ],
      latent: size,
      check: ({ data }) =>
        data === null
          ? null
          : misfitOfNetworks({
              encoder: [encoder, { input: data.shape, output: [size] }],
              generator: [generator, { input: [size], output: data.shape }],
              discriminator: [discriminator, { input: data.shape, output: [1], condition: size }],
            }),
      build: (scope, data) => {
        const encoderLayers = encoder.build(scope.child('encoder'), { input: data.shape, output: [stochastic ? 2 * size : size] });
        const posteriorOf = stochastic ? createPosterior : pointPosterior.build(scope, size);
        const generatorLayers = generator.build(scope.child('generator'), { input: [size], output: data.shape });
        const criticize = createCritic(
          discriminator.build(scope.child('discriminator'), { input: data.shape, output: [1], condition: size }),
        );
        return (batch, pass) => {
          const x = (): tf.Tensor => {
            if (batch.x === undefined) throw new Error('the pass was given no examples, and something reads the batch');
            return batch.x;
          };
          const generate = (codes: tf.Tensor, name: string): tf.Tensor =>
            toRange(generatorLayers.apply(codes, prefixPass(pass, name)).output, output, data.support);
          const encode = (examples: tf.Tensor, its: Pass): Posterior =>
            posteriorOf(encoderLayers.apply(examples, its).output, encoder.scale, its);
          const encoded = memoize(() => {
            const posterior = encode(x(), pass);
            return stochastic ? tf.reshape(posterior.sample(pass.noise, 1), [-1, size]) : posterior.mean;
          });
          const z = memoize(() => latent.sample(pass.noise, 'latent', x().shape[0]));
          const fake = memoize(() => generate(z(), 'generator'));
          let numEncoded = 0;
          let numGenerated = 0;
          return createOffers({
            x,
            z,
            real: x,
            fake,
            'discriminator.real': () => criticize(x(), prefixPass(pass, 'discriminator-real'), encoded()),
            'discriminator.fake': () => criticize(fake(), prefixPass(pass, 'discriminator-fake'), z()),
            encode: () => (examples) => {
              const name = `encode-${String(++numEncoded)}`;
              return prefixPosterior(encode(examples, prefixPass(pass, name)), name);
            },
            reconstruction: () => generate(encoded(), 'reconstruction'),
            sampleLatent: () => (noise, count) => latent.sample(noise, 'latent', count),
            generate: () => (codes) => generate(codes, `generate-${String(++numGenerated)}`),
          });
        };
      },
    };
  },
});
