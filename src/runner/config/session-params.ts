/** Keys of the experiment file about the sessions of a run: what they begin with, what they keep, and when they end. */
import type { Param, Params } from '../../registry/params.js';

const best = {
  metric: {
    type: 'string',
    examples: ['validation.elbo'],
    description: 'A column of metrics.csv.',
  },
  mode: { type: 'string', enum: ['max', 'min'], description: 'Whether larger or smaller values are better.' },
} as const satisfies Params;

export const earlyStopping = {
  type: 'object',
  properties: {
    ...best,
    patience: { type: 'integer', minimum: 1, default: 10, unit: 'epochs', description: 'Epochs that may pass without a better value.' },
    minDelta: { type: 'number', minimum: 0, default: 0, description: 'By how much a value must be better to count.' },
  },
  nullable: true,
  default: null,
  description: 'Ends training where a figure has stopped getting better.',
} as const satisfies Param;

export const warmStart = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      run: {
        type: 'string',
        examples: ['results/vae-20d/20261123-061902-a1b2'],
        description: 'Folder of the run whose weights are taken.',
      },
      players: {
        type: 'array',
        items: { type: 'string' },
        minItems: 1,
        nullable: true,
        default: null,
        examples: [['encoder']],
        description: 'Whose; all players of this model if absent.',
      },
    },
  },
  default: [],
  description: 'Weights that training begins with, from other runs. Optimizers begin anew.',
} as const satisfies Param;

export const checkpoints = {
  type: 'object',
  properties: {
    every: {
      type: 'object',
      properties: {
        epochs: { type: 'integer', minimum: 1, nullable: true, default: null, unit: 'epochs', description: 'After each so many epochs.' },
        steps: { type: 'integer', minimum: 1, nullable: true, default: null, unit: 'steps', description: 'After each so many steps.' },
        minutes: {
          type: 'number',
          exclusiveMinimum: 0,
          nullable: true,
          default: 5,
          unit: 'minutes',
          description: 'When so many minutes have passed since the last.',
        },
      },
      description: 'When; several rhythms add up. There is always one at the end and when a run is interrupted.',
    },
    keep: { type: 'integer', minimum: 1, default: 1, description: 'How many of the newest are kept.' },
    best: {
      type: 'object',
      properties: { ...best, keep: { type: 'integer', minimum: 1, default: 1, description: 'How many of the best.' } },
      nullable: true,
      default: null,
      description: 'Keeps those of the epochs with the best figures as well.',
    },
  },
  description: 'States of training that are kept: what `latentlab resume` goes on from.',
} as const satisfies Param;
