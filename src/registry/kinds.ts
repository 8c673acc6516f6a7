/** Every kind of component: what its factory must return, what all of the kind take, how they are written. */
import type * as C from './contracts/index.js';
import type { Params } from './params.js';

/** Adding a kind starts here; the compiler then names the places that miss it. */
export interface Kinds {
  dataset: C.Dataset;
  transform: C.Transform;
  encoder: C.Encoder;
  decoder: C.Network;
  generator: C.Network;
  discriminator: C.Network;
  latent: C.Latent;
  classifier: C.Classifier;
  sampler: C.Sampler;
  posterior: C.PosteriorFamily;
  prior: C.Prior;
  likelihood: C.Likelihood;
  model: C.Model;
  loss: C.Loss;
  optimizer: C.Optimizer;
  schedule: C.Schedule;
  features: C.Features;
  metric: C.Metric;
  plot: C.Plot;
}
/** Name of a kind of component, such as `loss`. */
export type Kind = keyof Kinds;

/** Kinds that others borrow from. */
export type BorrowedKind = 'encoder' | 'decoder';

export interface KindInfo {
  /** One sentence for the reference. */
  readonly description: string;
  /** Folder under src/components/. */
  readonly folder: string;
  /** Params that every entry of this kind takes beside the component's own; the runner reads them, not the factory. */
  readonly common: Params;
  /** A kind whose components fit wherever one of this kind is asked for: an encoder can be a discriminator. */
  readonly borrows: BorrowedKind | null;
  /** The component that a bare number stands for, and its param; null where a bare number is an error. */
  readonly number: { readonly type: string; readonly param: string } | null;
}

const name = {
  type: 'string',
  pattern: '^[a-z][a-z0-9-]*$',
  nullable: true,
  default: null,
  description: 'Name in file names and CSV headers, when two entries are of one type; the type is taken if absent.',
} as const;

const kind = (folder: string, description: string) => ({ folder, description, common: {}, borrows: null, number: null }) as const;

export const kinds = {
  dataset: {
    ...kind('datasets', 'Where examples come from.'),
    common: {
      transforms: {
        type: 'array',
        items: { component: 'transform' },
        default: [],
        description: 'What happens to each example, in this order: resizing and the like for all splits, augmentation for training alone.',
      },
    },
  },
  transform: kind('transforms', 'A change of examples: a size, a range, or an augmentation.'),
  encoder: kind('encoders', 'A network from examples to the parameters of the posterior.'),
  decoder: kind('decoders', 'A network from latent codes to the parameters of the likelihood.'),
  generator: { ...kind('generators', 'A network from latent codes to examples; any decoder is one.'), borrows: 'decoder' },
  discriminator: { ...kind('discriminators', 'A network from examples to a logit; any encoder is one.'), borrows: 'encoder' },
  latent: {
    ...kind('latents', 'The distribution of the codes that a generator starts from; a bare number is the size of a normal one.'),
    number: { type: 'normal', param: 'size' },
  },
  classifier: kind('classifiers', 'A network that names the classes of samples; trained once per data set, by a run of its own, and kept.'),
  sampler: kind(
    'samplers',
    'A distribution that is fitted to the codes of training examples, to sample from any model that encodes and decodes.',
  ),
  posterior: kind('posteriors', 'The distribution of the codes of an example, q(z|x), by what the encoder says.'),
  prior: kind('priors', 'The distribution of latent codes, p(z).'),
  likelihood: kind('likelihoods', 'The distribution of an example given its code, p(x|z).'),
  model: kind('models', 'What is trained: networks and distributions put together.'),
  loss: {
    ...kind('losses', 'A term that one or more players minimise; an experiment adds up its losses.'),
    common: {
      weight: {
        component: 'schedule',
        default: 1,
        description: 'Factor of the term: a number, or a schedule such as `{ type: linear-warmup, epochs: 5 }`.',
      },
      name,
    },
  },
  optimizer: kind('optimizers', 'How gradients change the weights.'),
  schedule: {
    ...kind('schedules', 'A number that changes while training goes on; a bare number stays as it is.'),
    number: { type: 'constant', param: 'value' },
  },
  features: kind('features', 'Numbers per example by which samples are compared with examples.'),
  metric: {
    ...kind('metrics', 'A figure measured on whole splits after each epoch, a column (or more) of metrics.csv.'),
    common: {
      every: {
        type: 'object',
        properties: { epochs: { type: 'integer', minimum: 1, description: 'Measure after each so many epochs, and at the end.' } },
        nullable: true,
        default: null,
        description: 'A rhythm, such as `{ epochs: 10 }`, for what takes long: cells between are empty. After each epoch if absent.',
      },
      name,
    },
  },
  plot: {
    ...kind('plots', 'A picture that a run leaves, at moments of your choice.'),
    common: {
      at: {
        type: 'array',
        items: {
          anyOf: [
            { type: 'string', enum: ['start', 'half', 'end'] },
            { type: 'integer', minimum: 0 },
          ],
        },
        default: [],
        description: 'Moments: `start`, `half`, `end`, or numbers of finished epochs. Without `at` and `every` a plot is drawn at the end.',
      },
      every: {
        type: 'object',
        properties: { epochs: { type: 'integer', minimum: 1, description: 'Draw after each so many epochs.' } },
        nullable: true,
        default: null,
        description: 'A rhythm, such as `{ epochs: 10 }`; the moments of `at` come on top.',
      },
      name,
    },
  },
} as const satisfies Readonly<Record<Kind, KindInfo>>;

export const kindNames = Object.keys(kinds) as readonly Kind[];
