/**
 * What a run may take of the machine that it is computed on. Whoever starts the runs of a batch heeds it; what a run is does not depend on
 * it, so that it is no part of its hash.
 */
import type { Param } from '../../registry/params.js';

/** They become lines of a script. */
const word = '[\\w.,:=+/@%*-]+';

export const resources = {
  type: 'object',
  properties: {
    memory: {
      type: 'number',
      exclusiveMinimum: 0,
      nullable: true,
      default: null,
      unit: 'GiB',
      description: 'What a run may take at most.',
    },
    timeLimit: {
      type: 'number',
      exclusiveMinimum: 0,
      nullable: true,
      default: null,
      unit: 'minutes',
      description: 'How long a run may take, all attempts of one command together; with Slurm, a session of it.',
    },
    cpus: {
      type: 'integer',
      minimum: 1,
      nullable: true,
      default: null,
      description: 'Processors, and threads, with Slurm; elsewhere the most threads that it is given.',
    },
    gpus: {
      anyOf: [
        { type: 'integer', minimum: 1 },
        { type: 'string', pattern: `^${word}$` },
      ],
      nullable: true,
      default: null,
      examples: [1, 'a100:2'],
      description: 'GPUs, with Slurm: how many, or which and how many.',
    },
    partition: {
      type: 'string',
      pattern: `^${word}$`,
      nullable: true,
      default: null,
      examples: ['gpu'],
      description: 'Where it is queued, with Slurm.',
    },
    sbatch: {
      type: 'array',
      items: { type: 'string', pattern: `^[a-z][\\w-]*(=${word})?$` },
      default: [],
      examples: [['account=vision', 'qos=long']],
      description: 'Further options of sbatch, with Slurm.',
    },
  },
  nullable: true,
  default: null,
  description: 'What each run of a batch is given, and may take; options of `latentlab batch` win. It is no part of what a run is.',
} as const satisfies Param;

/** Null, or an empty list: nothing is said. */
export interface Resources {
  /** GiB. */
  readonly memory: number | null;
  /** Minutes. */
  readonly timeLimit: number | null;
  readonly cpus: number | null;
  /** As Slurm counts them: `1`, `a100:2`. */
  readonly gpus: string | number | null;
  readonly partition: string | null;
  /** Such as `account=vision`. */
  readonly sbatch: readonly string[];
}

export const noResources: Resources = { memory: null, timeLimit: null, cpus: null, gpus: null, partition: null, sbatch: [] };

/** What `first` says, and what `second` says where that is silent; the further options of both, those of `first` last: there they win. */
export const mergeResources = (first: Resources, second: Resources): Resources => ({
  memory: first.memory ?? second.memory,
  timeLimit: first.timeLimit ?? second.timeLimit,
  cpus: first.cpus ?? second.cpus,
  gpus: first.gpus ?? second.gpus,
  partition: first.partition ?? second.partition,
  sbatch: [...second.sbatch, ...first.sbatch],
});
