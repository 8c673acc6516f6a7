/** What `latentlab init` writes for each model: a usual experiment, as lines of YAML with comments behind two blanks. */
import { inline } from '../registry/values.js';

/** What recipes want to know of data. */
export interface Subject {
  readonly latent: number;
  readonly data: 'images' | 'points' | 'unknown';
  /** Of the likelihood that fits. */
  readonly likelihood: string;
  /** Of networks that look at examples, from wide to narrow; those that make examples go the other way. */
  readonly hidden: readonly number[];
}

export interface Recipe {
  /** Dimensions of codes that are usual, but for points in a plane; null where there are no codes. */
  readonly latent: number | null;
  /** Whether examples that are only black and white suit it. */
  readonly wantsBinary: boolean;
  /** Lines below `model`, after `type`. */
  readonly model: (subject: Subject) => readonly string[];
  readonly losses: readonly string[];
  readonly learningRate: string;
  readonly metrics: readonly string[];
  /** Pictures of images, of points in a plane, and of anything. */
  readonly plots: { readonly images: readonly string[]; readonly points: readonly string[]; readonly unknown: readonly string[] };
}

const up = (widths: readonly number[]): string => inline([...widths].reverse());

const latentLine = ({ latent }: Subject): string => `latent: ${String(latent)}  # dimensions of a code`;
const encoderLine = ({ hidden }: Subject): string =>
  `encoder: { type: mlp, hidden: ${inline(hidden)} }  # others: latentlab components encoder`;
const decoderLine = ({ hidden }: Subject): string => `decoder: { type: mlp, hidden: ${up(hidden)} }`;
const likelihoodLine = ({ likelihood }: Subject): string => `likelihood: ${likelihood}  # what a decoded code says of an example`;
const generatorLine = ({ hidden }: Subject): string =>
  `generator: { type: mlp, hidden: ${up(hidden)} }  # others: latentlab components generator`;
const discriminatorLine = ({ hidden }: Subject): string => `discriminator: { type: mlp, hidden: ${inline(hidden)} }`;

/** An autoencoder whose codes a discriminator looks at. */
const judgedCodes = (subject: Subject): readonly string[] => [
  latentLine(subject),
  encoderLine(subject),
  decoderLine(subject),
  'discriminator: { type: mlp, hidden: [256, 256] }  # of codes',
  likelihoodLine(subject),
];

const samples = '{ type: samples, at: [start, half, end] }';
const density = '{ type: density, at: [start, half, end] }';
const curveOf = (...metrics: readonly string[]): string => `{ type: curve, metrics: [${metrics.join(', ')}] }`;
const duel = curveOf('discriminator-accuracy.real', 'discriminator-accuracy.fake');

const kl = '{ type: kl, weight: 1 }  # or a schedule: weight: { type: linear-warmup, epochs: 5 }';
const gan = 'gan-non-saturating  # others: latentlab components loss';

/** By the name of the model. */
export const recipes: Readonly<Record<string, Recipe>> = {
  vae: {
    latent: 20,
    wantsBinary: true,
    model: (subject) => [latentLine(subject), encoderLine(subject), decoderLine(subject), likelihoodLine(subject)],
    losses: ['reconstruction  # -E[log p(x|z)]', kl],
    learningRate: '1e-3',
    metrics: ['elbo', 'active-units'],
    plots: {
      images: [curveOf('elbo'), samples, '{ type: reconstructions }'],
      points: [curveOf('elbo'), density],
      unknown: [curveOf('elbo')],
    },
  },
  'factor-vae': {
    latent: 10,
    wantsBinary: true,
    model: judgedCodes,
    losses: ['reconstruction', 'kl', '{ type: total-correlation, gamma: 6 }  # how much dependent codes cost'],
    learningRate: '5e-4',
    metrics: ['elbo', 'discriminator-accuracy'],
    plots: { images: [curveOf('elbo'), '{ type: traversals }'], points: [curveOf('elbo'), density], unknown: [curveOf('elbo')] },
  },
  aae: {
    latent: 10,
    wantsBinary: true,
    model: judgedCodes,
    losses: ['reconstruction', gan],
    learningRate: '5e-4',
    metrics: ['reconstruction', 'discriminator-accuracy'],
    plots: {
      images: [curveOf('reconstruction'), samples],
      points: [curveOf('reconstruction'), density],
      unknown: [curveOf('reconstruction')],
    },
  },
  gan: {
    latent: 64,
    wantsBinary: false,
    model: (subject) => [latentLine(subject), generatorLine(subject), discriminatorLine(subject)],
    losses: [gan],
    learningRate: '2e-4, beta1: 0.5',
    metrics: ['discriminator-accuracy'],
    plots: {
      images: [duel, samples],
      points: [duel, density],
      unknown: [duel],
    },
  },
  bigan: {
    latent: 50,
    wantsBinary: false,
    model: (subject) => [latentLine(subject), encoderLine(subject), generatorLine(subject), discriminatorLine(subject)],
    losses: ['bigan  # pairs of example and code'],
    learningRate: '2e-4, beta1: 0.5',
    metrics: ['discriminator-accuracy'],
    plots: {
      images: [duel, samples],
      points: [duel, density],
      unknown: [duel],
    },
  },
  'vae-gan': {
    latent: 20,
    wantsBinary: false,
    model: (subject) => [
      latentLine(subject),
      encoderLine(subject),
      decoderLine(subject),
      discriminatorLine(subject),
      // The default is for values from 0 to 1, as images have them. No loss would teach another a scale.
      ...(subject.data === 'images' ? [] : ['likelihood: { type: gaussian, scale: 1 }']),
    ],
    losses: ['feature-reconstruction  # compared by what the discriminator sees', 'kl', gan],
    learningRate: '2e-4, beta1: 0.5',
    metrics: ['kl', 'discriminator-accuracy'],
    plots: { images: [samples, '{ type: reconstructions }'], points: [density], unknown: [curveOf('kl')] },
  },
  classifier: {
    latent: null,
    wantsBinary: false,
    model: ({ hidden }) => [`network: { type: mlp, hidden: ${inline(hidden)} }  # others: latentlab components encoder`],
    losses: ['cross-entropy'],
    learningRate: '1e-3',
    metrics: ['accuracy'],
    plots: { images: [curveOf('accuracy')], points: [curveOf('accuracy')], unknown: [curveOf('accuracy')] },
  },
};
