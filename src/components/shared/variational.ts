/**
 * What variational autoencoders have in common: networks and distributions put together, and all that they offer.
 *
 *   x -> encoder -> q(z|x) -> z -> decoder -> p(x|z)
 *
 * Shapes: B batch, L samples, Z latent, N any number of codes.
 * Source: Kingma & Welling 2014, "Auto-Encoding Variational Bayes"; Rezende, Mohamed & Wierstra 2014.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {
  Batch,
  DataFacts,
  Encoder,
  Facts,
  Likelihood,
  Misfit,
  Network,
  Observation,
  OfferName,
  Pass,
  Posterior,
  Prior,
  Scope,
  Support,
} from '../../registry/contracts/index.js';
import type { Params } from '../../registry/params.js';
import { prefixPass } from './critique.js';
import { createPosterior } from './gaussian.js';
import { prefixObservation, prefixPosterior } from './named-noise.js';
import { misfitOfNetworks } from './network-fit.js';
import { memoize, type OfferMakers } from './offers.js';

const supportWords: Readonly<Record<Support, string>> = {
  binary: 'values of 0 and 1',
  'unit-interval': 'values from 0 to 1',
  real: 'real values',
};

const misfitOfSupport = (supports: readonly Support[], { data }: Facts): Misfit | null => {
  if (data === null || supports.includes(data.support)) return null;
  return {
    param: 'likelihood',
    message: `is for ${supports.map((support) => supportWords[support]).join(' or ')}, and the data has ${supportWords[data.support]}`,
    help: 'Take another likelihood, or change how the data is read.',
  };
};

export const variationalParams = {
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
} as const satisfies Params;

/** The values of `variationalParams`. */
export interface VariationalParts {
  readonly latent: number;
  readonly encoder: Encoder;
  readonly decoder: Network;
  readonly likelihood: Likelihood;
  readonly prior: Prior;
  readonly samples: number;
}

/** The decoder gives the parameters of the likelihood along the last axis. */
const outputShapeOf = (data: DataFacts, { paramsPerValue }: Likelihood): readonly number[] => [
  ...data.shape.slice(0, -1),
  (data.shape.at(-1) ?? 1) * paramsPerValue,
];

/** A decoder with its likelihood: codes [..., Z] to p(x|z) with the same leading axes. */
export const createDecode = (
  scope: Scope,
  data: DataFacts,
  { latent, decoder, likelihood }: Pick<VariationalParts, 'latent' | 'decoder' | 'likelihood'>,
): ((z: tf.Tensor, pass: Pass) => Observation) => {
  const outputShape = outputShapeOf(data, likelihood);
  const layers = decoder.build(scope, { input: [latent], output: outputShape });
  const observe = likelihood.build(scope.child('likelihood'), data);
  return (z, pass) => {
    const params = layers.apply(tf.reshape(z, [-1, latent]), pass).output;
    return observe(tf.reshape(params, [...z.shape.slice(0, -1), ...outputShape]));
  };
};

/** Whether the likelihood and the networks fit the data. */
export const misfitOfAutoencoder = (
  { latent, encoder, decoder, likelihood }: Pick<VariationalParts, 'latent' | 'encoder' | 'decoder' | 'likelihood'>,
  facts: Facts,
): Misfit | null => {
  const { data } = facts;
  if (data === null) return null;
  return (
    misfitOfSupport(likelihood.supports, facts) ??
    misfitOfNetworks({
      encoder: [encoder, { input: data.shape, output: [2 * latent] }],
      decoder: [decoder, { input: [latent], output: outputShapeOf(data, likelihood) }],
    })
  );
};

export const variationalOffers = ({ prior }: VariationalParts): readonly OfferName[] => [
  'x',
  'posterior',
  'z',
  'likelihood',
  'reconstruction',
  'prior',
  ...(prior.hasClosedFormKl ? (['kl'] as const) : []),
  'encode',
  'decode',
  'sampleLatent',
  'generate',
];

/** The variables of players `encoder` and `decoder`, and what is offered of a batch. */
export const createVariational = (
  scope: Scope,
  data: DataFacts,
  parts: VariationalParts,
): ((batch: Batch, pass: Pass) => OfferMakers & { readonly z: () => tf.Tensor; readonly x: () => tf.Tensor }) => {
  const { latent, encoder, prior, samples } = parts;
  const decoderScope = scope.child('decoder');
  const encoderLayers = encoder.build(scope.child('encoder'), { input: data.shape, output: [2 * latent] });
  const decodeIn = createDecode(decoderScope, data, parts);
  const priorDistribution = prior.build(decoderScope.child('prior'), latent);

  return (batch, pass) => {
    const encode = (x: tf.Tensor, its: Pass): Posterior => createPosterior(encoderLayers.apply(x, its).output, encoder.scale);
    const x = (): tf.Tensor => {
      if (batch.x === undefined) throw new Error('the pass was given no examples, and something reads the batch');
      return batch.x;
    };
    const posterior = memoize(() => encode(x(), pass));
    const z = memoize(() => posterior().sample(pass.noise, samples));
    const likelihood = memoize(() => decodeIn(z(), pass));
    // Draws of the batch keep their names, whatever a plot does beside.
    let numEncoded = 0;
    let numDecoded = 0;
    let numGenerated = 0;
    const { kl } = priorDistribution;
    return {
      x,
      posterior,
      z,
      likelihood,
      reconstruction: () => tf.mean(likelihood().mean, 0),
      prior: () => priorDistribution,
      ...(kl === null ? {} : { kl: () => kl(posterior()) }),
      encode: () => (examples) => {
        const name = `encode-${String(++numEncoded)}`;
        return prefixPosterior(encode(examples, prefixPass(pass, name)), name);
      },
      decode: () => (codes) => {
        const name = `decode-${String(++numDecoded)}`;
        return prefixObservation(decodeIn(codes, prefixPass(pass, name)), name);
      },
      sampleLatent: () => (noise, count) => priorDistribution.sample(noise, count),
      generate: () => (codes) => decodeIn(codes, prefixPass(pass, `generate-${String(++numGenerated)}`)).mean,
    };
  };
};
