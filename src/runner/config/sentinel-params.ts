/** `sentinels` of the experiment file: what watches over training, and what happens when it sees something. */
import type { Param } from '../../registry/params.js';

export const actions = ['warn', 'stop', 'ignore'] as const;
export type Action = (typeof actions)[number];

const switched = <const D extends Action>(byDefault: D, description: string) =>
  ({ type: 'string', enum: actions, default: byDefault, description }) as const;

export const sentinels = {
  type: 'object',
  properties: {
    nonFinite: switched(
      'stop',
      'A loss, gradient or metric is NaN or infinite. `warn` and `ignore` leave such a step out and go on; `stop` fails the run, and says where it began.',
    ),
    divergence: switched(
      'stop',
      'A loss is a hundred times what it was in the first step, and above ten thousand, and stays so: nothing is learned any more, though all numbers are finite.',
    ),
    explodingGradients: switched(
      'warn',
      'The norm of the gradients is a hundred times its usual size in several steps; or the loss, where one update makes a step and no norm is measured.',
    ),
    saturatedDiscriminator: switched(
      'warn',
      'The discriminator is right about all examples and sure of it, for some epochs: nothing is left for the generator to learn from.',
    ),
    modeCollapse: switched('warn', 'Samples lie close together, where examples do not.'),
    posteriorCollapse: switched('warn', 'Hardly any latent says anything of the examples: the posterior is the prior.'),
  },
  description: 'What watches over training: each warns, stops the run, or is ignored.',
} as const satisfies Param;

export type SentinelName = keyof (typeof sentinels)['properties'];
export type SentinelActions = Readonly<Record<SentinelName, Action>>;
