/** Small components for tests of the registry and the config: real contracts, no numerics. */
import type { OfferName } from '../../src/registry/contracts/index.js';
import { defineComponent, type AnyComponent } from '../../src/registry/define.js';

const unused = (): never => {
  throw new Error('Toy components are never run.');
};

const points = defineComponent({
  kind: 'dataset',
  name: 'points',
  description: 'Points in the unit square.',
  params: { count: { type: 'integer', minimum: 1, default: 100, unit: 'examples', description: 'How many.' } },
  build: () => ({ facts: { shape: [2], numClasses: null, support: 'unit-interval' }, load: unused }),
});

const network = {
  hidden: {
    type: 'array',
    items: { type: 'integer', minimum: 1 },
    default: [500],
    examples: [[500, 200]],
    description: 'Widths of the hidden layers.',
  },
  activation: { type: 'string', enum: ['relu', 'tanh', 'elu'], default: 'relu', description: 'Between the layers.' },
  slope: { type: 'number', default: 1, readWhen: { param: 'activation', is: ['elu'] }, description: 'Slope of `elu`.' },
} as const;

const encoderMlp = defineComponent({
  kind: 'encoder',
  name: 'mlp',
  description: 'Dense layers.',
  params: {
    ...network,
    scale: { type: 'string', enum: ['softplus', 'exp'], default: 'softplus', description: 'How the scale becomes positive.' },
  },
  build: ({ scale }) => ({ scale, build: unused }),
});
const encoderLinear = defineComponent({
  kind: 'encoder',
  name: 'linear',
  description: 'One dense layer.',
  params: {},
  build: () => ({ scale: 'exp', build: unused }),
});
const decoderMlp = defineComponent({
  kind: 'decoder',
  name: 'mlp',
  description: 'Dense layers.',
  params: network,
  build: () => ({ build: unused }),
});
const decoderPixel = defineComponent({
  kind: 'decoder',
  name: 'pixel-grid',
  description: 'Pixels apart.',
  params: { gridWidth: { type: 'integer', minimum: 2, maximum: 64, description: 'Pixels in a row.' } },
  build: () => ({ build: unused }),
});

const bernoulli = defineComponent({
  kind: 'likelihood',
  name: 'bernoulli',
  description: 'Binary values.',
  params: {},
  build: () => ({ paramsPerValue: 1, supports: ['binary'], build: unused }),
});
const standardNormal = defineComponent({
  kind: 'prior',
  name: 'standard-normal',
  description: 'N(0, I).',
  params: {},
  build: () => ({ hasClosedFormKl: true, build: unused }),
});

const vae = defineComponent({
  kind: 'model',
  name: 'vae',
  description: 'A variational autoencoder.',
  params: {
    latent: { type: 'integer', minimum: 1, description: 'Latent dimensions.', examples: [20] },
    encoder: { component: 'encoder', description: 'q(z|x).' },
    decoder: { component: 'decoder', default: 'mlp', description: 'p(x|z).' },
    likelihood: { component: 'likelihood', default: 'bernoulli', description: 'Of the data.' },
    prior: { component: 'prior', default: 'standard-normal', description: 'Of the codes.' },
    numSamples: { type: 'integer', minimum: 1, default: 1, description: 'Posterior samples.' },
  },
  build: ({ latent }) => ({ players: ['vae'], offers: ['x', 'z', 'kl'], latent, build: unused }),
});

const term = (players: readonly string[], needs: readonly OfferName[]) => ({ terms: [{ players, needs, compute: unused }] });
const loss = (name: string, players: readonly string[], needs: readonly OfferName[]) =>
  defineComponent({ kind: 'loss', name, description: `The loss ${name}.`, params: {}, build: () => term(players, needs) });
const betaKl = defineComponent({
  kind: 'loss',
  name: 'beta-kl',
  description: 'KL with slack.',
  params: {
    beta: { type: 'number', minimum: 0, default: 1, description: 'Factor.' },
    freeNats: { type: 'number', minimum: 0, default: 0, unit: 'nats', description: 'Slack per latent.' },
  },
  build: () => term(['vae'], ['kl']),
});

const adam = defineComponent({
  kind: 'optimizer',
  name: 'adam',
  description: 'Adam (Kingma and Ba 2015).',
  params: {
    learningRate: { component: 'schedule', default: 0.001, description: 'Step size.' },
    beta1: { type: 'number', minimum: 0, exclusiveMaximum: 1, default: 0.9, description: 'Memory of the mean.' },
  },
  build: ({ learningRate }) => ({ learningRate, slots: [], update: unused }),
});

const constant = defineComponent({
  kind: 'schedule',
  name: 'constant',
  description: 'Stays as it is.',
  params: { value: { type: 'number', description: 'The value.', examples: [1] } },
  build: ({ value }) => ({ constant: true, at: () => value }),
});
const linearWarmup = defineComponent({
  kind: 'schedule',
  name: 'linear-warmup',
  description: 'Grows from 0.',
  params: {
    epochs: { type: 'number', exclusiveMinimum: 0, unit: 'epochs', description: 'How long it grows.' },
    to: { type: 'number', default: 1, description: 'Value at the end.' },
  },
  build: ({ to }) => ({ constant: false, at: () => to }),
});

const metric = (name: string, columns: readonly string[]) =>
  defineComponent({
    kind: 'metric',
    name,
    description: `The metric ${name}.`,
    params: {},
    build: () => ({
      needs: ['x'],
      columns: () => columns.map((column) => ({ name: column, unit: 'nats', title: column })),
      measure: unused,
      reducer: unused,
    }),
  });

const curve = defineComponent({
  kind: 'plot',
  name: 'curve',
  description: 'Metrics against epochs.',
  params: {
    metrics: { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1, examples: [['elbo']], description: 'Columns.' },
    size: {
      anyOf: [
        { type: 'string', enum: ['small', 'large'] },
        {
          type: 'object',
          properties: {
            width: { type: 'integer', minimum: 1, default: 600, description: 'Pixels.' },
            height: { type: 'integer', default: 400, description: 'Pixels.' },
          },
        },
      ],
      default: 'small',
      description: 'Of the picture.',
    },
  },
  build: ({ metrics }) => ({
    needs: [],
    prepare: unused,
    check: ({ metricColumns }) => {
      const missing = metrics.find((name) => !metricColumns.includes(name));
      return missing === undefined
        ? null
        : { param: 'metrics', message: `shows "${missing}", which no metric gives`, help: `Add its metric.` };
    },
  }),
});
const samples = defineComponent({
  kind: 'plot',
  name: 'samples',
  description: 'Ancestral samples.',
  params: { count: { type: 'integer', minimum: 1, maximum: 400, default: 25, description: 'Tiles.' } },
  build: () => ({ needs: [], prepare: unused }),
});
const manifold = defineComponent({
  kind: 'plot',
  name: 'latent-manifold',
  description: 'A grid of codes.',
  params: {},
  build: () => ({
    needs: [],
    prepare: unused,
    check: ({ latent }) =>
      latent === 2
        ? null
        : {
            param: null,
            message: `needs 2 latent dimensions, and the model has ${latent}`,
            help: 'Set model.latent to 2, or take the plot away.',
          },
  }),
});

export const toyComponents: readonly AnyComponent[] = [
  points,
  encoderMlp,
  encoderLinear,
  decoderMlp,
  decoderPixel,
  bernoulli,
  standardNormal,
  vae,
  loss('reconstruction', ['vae'], ['x', 'z']),
  loss('uses-labels', ['vae'], ['labels']),
  loss('uses-labels-and-encoder', ['vae'], ['labels', 'encode']),
  loss('adversarial', ['generator', 'discriminator'], ['x']),
  betaKl,
  adam,
  constant,
  linearWarmup,
  metric('elbo', ['elbo', 'kl']),
  metric('kl', ['kl']),
  metric('rate', ['rate']),
  curve,
  samples,
  manifold,
];
