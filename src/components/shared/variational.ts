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
  PosteriorFamily,
  Prior,
  PriorDistribution,
  Scope,
  Support,
} from '../../registry/contracts/index.js';
import type { Params } from '../../registry/params.js';
import { prefixPass } from './critique.js';
import { prefixObservation, prefixPosterior } from './named-noise.js';
import { misfitOfNetworks } from './network-fit.js';
import { memoize, type OfferMakers } from './offers.js';

const supportWords: Readonly<Record<Support, string>> = {
  binary: 'values of 0 and 1',
  'unit-interval': 'values from 0 to 1',
  real: 'real values',
};

const likelihoodWords: Readonly<Record<Support, string>> = {
  binary: '`bernoulli`, the default',
  'unit-interval': '`continuous-bernoulli`, `gaussian` or `discretized-logistic`',
  real: '`gaussian` or `laplace`',
};

const misfitOfSupport = (supports: readonly Support[], { data }: Facts): Misfit | null => {
  if (data === null || supports.includes(data.support)) return null;
  return {
    param: 'likelihood',
    message: `has a likelihood for ${supports.map((support) => supportWords[support]).join(' or ')}, and the data has ${supportWords[data.support]}`,
    help: `For ${supportWords[data.support]} there is ${likelihoodWords[data.support]}; or change how the data is read.`,
  };
};

const misfitOfCodes = (posterior: PosteriorFamily, prior: Prior | null, latent: number): Misfit | null => {
  const message = posterior.refuses?.(latent) ?? null;
  if (message !== null) return { param: 'latent', message, help: 'Change the size of the codes, or the posterior.' };
  if (prior === null || prior.classes === posterior.classes) return null;
  const codesOf = (classes: number | undefined): string => (classes === undefined ? 'real' : `one-hot (${String(classes)} classes)`);
  return {
    param: 'prior',
    message: `is for ${codesOf(prior.classes)} codes, and the posterior gives ${codesOf(posterior.classes)} ones`,
    help: 'The prior `categorical` and the posterior `gumbel-softmax` go together, with as many classes.',
  };
};

export const variationalParams = {
  latent: { type: 'integer', minimum: 1, unit: 'dimensions', examples: [20], description: 'Size of a code z.' },
  encoder: { component: 'encoder', default: 'mlp', description: 'From an example to its posterior q(z|x).' },
  decoder: { component: 'decoder', default: 'mlp', description: 'From a code to the parameters of p(x|z).' },
  likelihood: { component: 'likelihood', default: 'bernoulli', description: 'What p(x|z) is; it must fit the values of the data.' },
  posterior: {
    component: 'posterior',
    default: 'gaussian',
    description: 'What q(z|x) is; a flow makes it richer, and `point` is a code alone.',
  },
  prior: { component: 'prior', default: 'standard-normal', description: 'What codes are like before an example is seen, p(z).' },
  samples: {
    type: 'integer',
    minimum: 1,
    default: 1,
    unit: 'samples',
    description: 'Samples of the posterior per example and pass: more make the bound less noisy, and a step as much slower.',
  },
} as const satisfies Params;

/** The values of `variationalParams`; an autoencoder has no prior. */
export interface VariationalParts {
  readonly latent: number;
  readonly encoder: Encoder;
  readonly decoder: Network;
  readonly likelihood: Likelihood;
  readonly posterior: PosteriorFamily;
  readonly prior: Prior | null;
  readonly samples: number;
}

/** The decoder gives the parameters of the likelihood along the last axis. */
const outputShapeOf = (data: DataFacts, { paramsPerValue }: Likelihood): readonly number[] => [
  ...data.shape.slice(0, -1),
  (data.shape.at(-1) ?? 1) * paramsPerValue,
];

/** A decoder with its likelihood: codes [..., Z] to p(x|z) with the same leading axes; conditions [N, size] go with the last of these. */
export const createDecode = (
  scope: Scope,
  data: DataFacts,
  { latent, decoder, likelihood }: Pick<VariationalParts, 'latent' | 'decoder' | 'likelihood'>,
  conditionSize = 0,
): ((z: tf.Tensor, pass: Pass, condition?: tf.Tensor) => Observation) => {
  const outputShape = outputShapeOf(data, likelihood);
  const layers = decoder.build(scope, { input: [latent], output: outputShape, condition: conditionSize });
  const observe = likelihood.build(scope.child('likelihood'), data);
  return (z, pass, condition) => {
    const codes = tf.reshape(z, [-1, latent]);
    const told = condition && tf.tile(condition, [codes.shape[0] / condition.shape[0], 1]);
    const params = layers.apply(codes, pass, told).output;
    return observe(tf.reshape(params, [...z.shape.slice(0, -1), ...outputShape]));
  };
};

/** Whether the likelihood and the networks fit the data. */
export const misfitOfAutoencoder = (
  {
    latent,
    encoder,
    decoder,
    likelihood,
    posterior,
    prior,
  }: Pick<VariationalParts, 'latent' | 'encoder' | 'decoder' | 'likelihood'> & Partial<VariationalParts>,
  facts: Facts,
): Misfit | null => {
  const { data } = facts;
  const misfit = posterior === undefined ? null : misfitOfCodes(posterior, prior ?? null, latent);
  if (misfit !== null || data === null) return misfit;
  return (
    misfitOfSupport(likelihood.supports, facts) ??
    misfitOfNetworks({
      encoder: [encoder, { input: data.shape, output: [posterior?.numParameters(latent) ?? 2 * latent] }],
      decoder: [decoder, { input: [latent], output: outputShapeOf(data, likelihood) }],
    })
  );
};

const hasClosedForm = ({ prior, posterior }: VariationalParts): boolean =>
  prior !== null && prior.hasClosedFormKl && (prior.form ?? 'gaussian') === posterior.form;

export const variationalOffers = (parts: VariationalParts): readonly OfferName[] => [
  'x',
  'posterior',
  'z',
  'likelihood',
  'reconstruction',
  ...(parts.prior === null ? [] : (['prior'] as const)),
  ...(hasClosedForm(parts) ? (['kl'] as const) : []),
  'encode',
  'decode',
  ...(parts.prior === null ? [] : (['sampleLatent'] as const)),
  'generate',
];

/** What models do otherwise than the plain VAE. */
export interface Variations {
  /** What the encoder sees in place of the examples of the batch. */
  readonly corrupt?: (x: tf.Tensor, pass: Pass) => tf.Tensor;
  /** What both networks are told beside: of the batch, and of codes that are generated from. */
  readonly condition?: {
    readonly size: number;
    readonly ofBatch: (batch: Batch) => tf.Tensor;
    readonly ofLabels: (count: number, labels: tf.Tensor | undefined) => tf.Tensor;
  };
}

export const examplesOf = ({ x }: Batch): tf.Tensor => {
  if (x === undefined) throw new Error('the pass was given no examples, and something reads the batch');
  return x;
};

/** The variables of players `encoder` and `decoder`, and what is offered of a batch. */
export const createVariational = (
  scope: Scope,
  data: DataFacts,
  parts: VariationalParts,
  { corrupt = (x) => x, condition }: Variations = {},
): ((
  batch: Batch,
  pass: Pass,
) => OfferMakers & { readonly x: () => tf.Tensor; readonly z: () => tf.Tensor; readonly posterior: () => Posterior }) => {
  const { latent, encoder, posterior: family, prior, samples } = parts;
  const decoderScope = scope.child('decoder');
  const sizes = { input: data.shape, output: [family.numParameters(latent)], condition: condition?.size ?? 0 };
  const encoderLayers = encoder.build(scope.child('encoder'), sizes);
  const createPosterior = family.build(scope.child('encoder').child('posterior'), latent);
  const decodeIn = createDecode(decoderScope, data, parts, condition?.size);
  const built = prior?.build(decoderScope.child('prior'), latent, data) ?? null;

  return (batch, pass) => {
    const told = memoize(() => condition?.ofBatch(batch));
    const encode = (x: tf.Tensor, its: Pass): Posterior => createPosterior(encoderLayers.apply(x, its, told()).output, encoder.scale, its);
    const x = (): tf.Tensor => examplesOf(batch);
    const posterior = memoize(() => encode(corrupt(x(), pass), pass));
    const z = memoize(() => posterior().sample(pass.noise, samples));
    const likelihood = memoize(() => decodeIn(z(), pass, told()));
    // Draws of the batch keep their names, whatever a plot does beside.
    let numEncoded = 0;
    let numDecoded = 0;
    let numGenerated = 0;
    // Networks that are told classes can make nothing of examples and codes alone.
    const functions: OfferMakers = {
      encode: () => (examples) => {
        const name = `encode-${String(++numEncoded)}`;
        return prefixPosterior(encode(examples, prefixPass(pass, name)), name);
      },
      decode: () => (codes) => {
        const name = `decode-${String(++numDecoded)}`;
        return prefixObservation(decodeIn(codes, prefixPass(pass, name)), name);
      },
    };
    return {
      x,
      posterior,
      z,
      likelihood,
      reconstruction: () => tf.mean(likelihood().mean, 0),
      ...(condition === undefined ? functions : {}),
      generate: () => (codes, labels) =>
        decodeIn(codes, prefixPass(pass, `generate-${String(++numGenerated)}`), condition?.ofLabels(codes.shape[0], labels)).mean,
      ...(built === null
        ? {}
        : offersOfPrior(parts, built, (examples) => encode(examples, prefixPass(pass, 'prior')), posterior, prefixPass(pass, 'prior'))),
    };
  };
};

const offersOfPrior = (
  parts: VariationalParts,
  built: PriorDistribution,
  encode: (x: tf.Tensor) => Posterior,
  posterior: () => Posterior,
  pass: Pass,
): OfferMakers => {
  const prior = memoize(() => built.within?.(encode, pass) ?? built);
  const { kl } = built;
  return {
    prior,
    ...(kl === null || !hasClosedForm(parts) ? {} : { kl: () => kl(posterior()) }),
    sampleLatent: () => (noise, count) => prior().sample(noise, count),
  };
};
