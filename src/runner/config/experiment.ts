/** The experiment file: its keys are params like any component's, and are checked, documented and typed in the same way. */
import type { Fault } from '../../registry/faults.js';
import type { Entry } from '../../registry/resolve.js';
import { findViolations } from '../../registry/violations.js';
import { isMap, ownValue, type PlainMap } from '../../registry/values.js';
import type { CheckpointRules, StoppingRule } from '../train/checkpoint-policy.js';
import { resources, type Resources } from './resource-params.js';
import { sentinels, type SentinelActions } from './sentinel-params.js';
import { checkpoints, earlyStopping, warmStart } from './session-params.js';

export const engineTypes = ['auto', 'onnx', 'tensorflow', 'wasm', 'cpu'] as const;

const clipping = {
  type: 'object',
  properties: {
    norm: {
      type: 'number',
      exclusiveMinimum: 0,
      nullable: true,
      default: null,
      description: 'Largest Euclidean norm of all gradients together; larger ones are scaled down.',
    },
    value: {
      type: 'number',
      exclusiveMinimum: 0,
      nullable: true,
      default: null,
      description: 'Largest magnitude of a single gradient; larger ones are cut off.',
    },
  },
  nullable: true,
  default: null,
  description: 'Limits on gradients, such as `{ norm: 1 }`.',
} as const;

/** One step of a round. */
const update = {
  type: 'object',
  properties: {
    player: {
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
      description:
        'Who steps: a player of the model, or several that step at once. A role that a player has, such as `generator` of the encoder of an `aae`, ' +
        'steps for its own part of the losses alone, and is then left to that step.',
      examples: ['discriminator', ['encoder', 'decoder']],
    },
    steps: { type: 'integer', minimum: 1, default: 1, description: 'How many steps, one after another.' },
    batch: {
      type: 'string',
      enum: ['fresh', 'same'],
      nullable: true,
      default: null,
      description:
        'Whether each step reads a batch of its own, or the batch (and the noise) of the step before; the first entry reads a fresh one if absent, the others the same.',
    },
    accumulate: {
      type: 'integer',
      minimum: 1,
      default: 1,
      unit: 'batches',
      description: 'Batches whose gradients are averaged for one step; more than one must be fresh.',
    },
    optimizer: { component: 'optimizer', nullable: true, default: null, description: 'Its own optimizer; `training.optimizer` if absent.' },
    clipping: { ...clipping, description: 'Its own limits on gradients; `training.clipping` if absent.' },
    weightClipping: {
      type: 'number',
      exclusiveMinimum: 0,
      nullable: true,
      default: null,
      description: 'Largest magnitude of a weight after each step, as in a WGAN (Arjovsky et al. 2017).',
    },
    weightDecay: {
      type: 'number',
      minimum: 0,
      default: 0,
      description: 'Each step takes this share of every weight away, times the learning rate (Loshchilov and Hutter 2019).',
    },
    ema: {
      type: 'number',
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      nullable: true,
      default: null,
      examples: [0.999],
      description:
        'What a moving average of the weights keeps in each step. Metrics and plots then use the average, which is saved beside the weights.',
    },
  },
} as const;

export const experimentParams = {
  name: {
    type: 'string',
    pattern: '^[a-z0-9][a-z0-9-]*$',
    nullable: true,
    default: null,
    description: 'Kebab-case; names the folder of its runs. The file gives its name if absent.',
  },
  description: { type: 'string', default: '', description: 'What the experiment is to find out; printed in reports.' },
  seed: { type: 'integer', minimum: 0, maximum: 4_294_967_295, default: 0, description: 'All randomness of a run follows from it.' },
  engine: {
    type: 'object',
    properties: {
      type: {
        type: 'string',
        enum: engineTypes,
        default: 'auto',
        description: 'What executes the steps; `auto` takes the fastest there is.',
      },
      threads: {
        type: 'integer',
        minimum: 1,
        nullable: true,
        default: null,
        description: 'Threads of one run; the engine chooses if absent.',
      },
    },
    description: 'What executes the steps: a name, or `{ type: onnx, threads: 4 }`.',
  },
  resources,
  plugins: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    default: [],
    examples: [['./my-components.js']],
    description:
      'Modules with components of your own: paths that begin with `./` or `../`, relative to this file, or installed packages. Their components are named `<plug-in>/<name>`.',
  },
  data: { component: 'dataset', description: 'What the model learns from.' },
  model: { component: 'model', description: 'What is trained.' },
  classifier: {
    component: 'classifier',
    nullable: true,
    default: null,
    description:
      'What names the classes of samples, for the metrics and plots that ask; trained once for this data, then kept in the cache.',
  },
  sampler: {
    component: 'sampler',
    nullable: true,
    default: null,
    description:
      "What metrics, and plots that show samples, draw from in place of the model's prior, or where it has none: fitted to the codes of training " +
      'examples each time.',
  },
  losses: {
    type: 'array',
    items: { component: 'loss' },
    description: 'What is minimised: the sum of these terms; empty for a model that is fitted by a formula.',
  },
  training: {
    type: 'object',
    properties: {
      epochs: {
        type: 'integer',
        minimum: 1,
        nullable: true,
        default: null,
        unit: 'epochs',
        description: 'How often training passes over the data; either this or `steps`.',
      },
      steps: {
        type: 'integer',
        minimum: 0,
        nullable: true,
        default: null,
        unit: 'steps',
        description:
          'How many updates (or rounds of them) training makes; either this or `epochs`. 0 for a model that is fitted by a formula.',
      },
      batchSize: { type: 'integer', minimum: 1, default: 128, unit: 'examples', description: 'Examples per update.' },
      evaluationBatchSize: {
        type: 'integer',
        minimum: 1,
        default: 500,
        unit: 'examples',
        description: 'Examples per pass when metrics are measured; changes memory and speed, not results.',
      },
      optimizer: { component: 'optimizer', default: 'adam', description: 'How gradients change the weights.' },
      clipping,
      updates: {
        type: 'array',
        items: update,
        minItems: 1,
        nullable: true,
        default: null,
        description:
          'A round: which players step, how often and with what, in this order; the model has one of its own. A training step is a round.',
      },
      maxMinutes: {
        type: 'number',
        exclusiveMinimum: 0,
        nullable: true,
        default: null,
        unit: 'minutes',
        description: 'How long one session may train; then a checkpoint is left, and `latentlab resume` goes on.',
      },
      earlyStopping,
      warmStart,
      freeze: {
        type: 'array',
        items: { type: 'string' },
        default: [],
        examples: [['encoder']],
        description: 'What stays as it is: players, or variables below a path such as `encoder/hidden-0`.',
      },
    },
    description: 'How long and how it is trained.',
  },
  checkpoints,
  sentinels,
  metrics: { type: 'array', items: { component: 'metric' }, default: [], description: 'What is measured after each epoch.' },
  plots: { type: 'array', items: { component: 'plot' }, default: [], description: 'Which pictures the run leaves.' },
} as const;

interface Clipping {
  readonly norm: number | null;
  readonly value: number | null;
}

/** An entry of `training.updates`. */
export interface UpdateEntry {
  readonly player: string | readonly string[];
  readonly steps: number;
  readonly batch: 'fresh' | 'same' | null;
  readonly accumulate: number;
  readonly optimizer: Entry | null;
  readonly clipping: Clipping | null;
  readonly weightClipping: number | null;
  readonly weightDecay: number;
  readonly ema: number | null;
}

/** A resolved experiment: plain, frozen, complete; writing it as YAML and reading that gives the same again. */
export interface Experiment {
  readonly name: string;
  readonly description: string;
  readonly seed: number;
  readonly engine: { readonly type: (typeof engineTypes)[number]; readonly threads: number | null };
  readonly resources: Resources | null;
  /** Relative paths are relative to the experiment's file. */
  readonly plugins: readonly string[];
  readonly data: Entry;
  readonly model: Entry;
  readonly classifier: Entry | null;
  readonly sampler: Entry | null;
  readonly losses: readonly Entry[];
  readonly training: {
    readonly epochs: number | null;
    readonly steps: number | null;
    readonly batchSize: number;
    readonly evaluationBatchSize: number;
    readonly optimizer: Entry;
    readonly clipping: Clipping | null;
    readonly updates: readonly UpdateEntry[] | null;
    readonly maxMinutes: number | null;
    readonly earlyStopping: StoppingRule | null;
    readonly warmStart: readonly { readonly run: string; readonly players: readonly string[] | null }[];
    readonly freeze: readonly string[];
  };
  readonly checkpoints: CheckpointRules;
  readonly sentinels: SentinelActions;
  readonly metrics: readonly Entry[];
  readonly plots: readonly Entry[];
}

/** Whether a value is a complete experiment, by the schema of its file. */
export const isExperiment = (value: PlainMap): value is PlainMap & Experiment =>
  typeof value['name'] === 'string' &&
  findViolations(experimentParams, structuredClone(value), { component: null, inside: null }).length === 0;

/** `My VAE_2d.yaml` gives `my-vae-2d`. */
export const nameFromFile = (file: string): string => {
  const stem = file.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '');
  const kebab = stem
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return kebab === '' ? 'experiment' : kebab;
};

/** What holds between keys of the file, which a schema of single values cannot say. */
export const checkTraining = (value: PlainMap): readonly Fault[] => {
  const training = value['training'];
  if (!isMap(training)) return [];
  const keys = ['epochs', 'steps'];
  const lengths = keys.filter((key) => (ownValue(training, key) ?? null) !== null);
  if (lengths.length === 1) return [];
  const path = ['training', ...lengths.slice(1)];
  return [{ code: 'exactly-one', path, at: 'key', facts: { owner: { component: null, inside: 'training' }, keys, given: lengths } }];
};
