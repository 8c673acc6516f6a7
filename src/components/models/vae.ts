/**
 * Variational autoencoder: q(z|x) from an encoder, p(x|z) from a decoder, and L reparameterised samples of z per example.
 *
 *   x -> encoder -> q(z|x) -> z -> decoder -> p(x|z)
 *
 * Shapes: B batch, L samples, Z latent, N any number of codes.
 * Source: Kingma & Welling 2014, "Auto-Encoding Variational Bayes"; Rezende, Mohamed & Wierstra 2014.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Facts, Misfit, Observation, OfferName, Posterior, Support } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { createPosterior } from '../shared/gaussian.js';
import { prefixObservation, prefixPosterior } from '../shared/named-noise.js';
import { createOffers, memoize } from '../shared/offers.js';

const supportWords: Readonly<Record<Support, string>> = {
  binary: 'values of 0 and 1',
  'unit-interval': 'values from 0 to 1',
  real: 'real values',
};

const checkSupport = (supports: readonly Support[], { data }: Facts): Misfit | null => {
  if (data === null || supports.includes(data.support)) return null;
  return {
    param: 'likelihood',
    message: `is for ${supports.map((support) => supportWords[support]).join(' or ')}, and the data has ${supportWords[data.support]}`,
    help: 'Take another likelihood, or change how the data is read.',
  };
};

export default defineComponent({
  kind: 'model',
  name: 'vae',
  description:
    'A variational autoencoder (Kingma and Welling 2014): an encoder and a decoder, trained together by a bound on the likelihood.',
  params: {
    latent: { type: 'integer', minimum: 1, unit: 'dimensions', examples: [20], description: 'Size of a code z.' },
    encoder: { component: 'encoder', default: 'mlp', description: 'From an example to its posterior q(z|x).' },
    decoder: { component: 'decoder', default: 'mlp', description: 'From a code to the parameters of p(x|z).' },
    likelihood: { component: 'likelihood', default: 'bernoulli', description: 'What p(x|z) is; it must fit the values of the data.' },
    prior: { component: 'prior', default: 'standard-normal', description: 'What codes are like before an example is seen, p(z).' },
    samples: {
      type: 'integer',
      minimum: 1,
      default: 1,
      unit: 'samples',
      description: 'Samples of the posterior per example and pass: more make the bound less noisy, and a step as much slower.',
    },
  },
  build: ({ latent, encoder, decoder, likelihood, prior, samples }) => {
    const offers: readonly OfferName[] = [
      'x',
      'posterior',
      'z',
      'likelihood',
      'prior',
      ...(prior.hasClosedFormKl ? (['kl'] as const) : []),
      'encode',
      'decode',
    ];
    return {
      players: ['encoder', 'decoder'],
      offers,
      latent,
      check: (facts) => checkSupport(likelihood.supports, facts),
      build: (scope, data) => {
        const decoderScope = scope.child('decoder');
        const outputShape = [...data.shape.slice(0, -1), (data.shape.at(-1) ?? 1) * likelihood.paramsPerValue];
        const applyEncoder = encoder.build(scope.child('encoder'), { input: data.shape, output: [2 * latent] });
        const applyDecoder = decoder.build(decoderScope, { input: [latent], output: outputShape });
        const observe = likelihood.build(decoderScope.child('likelihood'), data);
        const priorDistribution = prior.build(decoderScope.child('prior'), latent);

        return (batch, pass) => {
          const encode = (x: tf.Tensor): Posterior => createPosterior(applyEncoder(x, pass), encoder.scale);
          const decode = (z: tf.Tensor): Observation => {
            const params = applyDecoder(tf.reshape(z, [-1, latent]), pass);
            return observe(tf.reshape(params, [...z.shape.slice(0, -1), ...outputShape]));
          };
          const x = (): tf.Tensor => {
            if (batch.x === undefined) throw new Error('the pass was given no examples, and something reads the batch');
            return batch.x;
          };
          const posterior = memoize(() => encode(x()));
          const z = memoize(() => posterior().sample(pass.noise, samples));
          // Draws of the batch keep their names, whatever a plot does beside.
          let numEncoded = 0;
          let numDecoded = 0;
          const { kl } = priorDistribution;
          return createOffers({
            x,
            posterior,
            z,
            likelihood: () => decode(z()),
            prior: () => priorDistribution,
            ...(kl === null ? {} : { kl: () => kl(posterior()) }),
            encode: () => (examples) => prefixPosterior(encode(examples), `encode-${String(++numEncoded)}`),
            decode: () => (codes) => prefixObservation(decode(codes), `decode-${String(++numDecoded)}`),
          });
        };
      },
    };
  },
});
