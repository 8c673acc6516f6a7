/** How long a schedule's change takes, in epochs, in steps, or in both together. */
import type { Progress } from '../../registry/contracts/index.js';
import type { Params } from '../../registry/params.js';

/** Values of the params `epochs` and `steps`; with both null nothing was given. */
export interface Duration {
  readonly epochs: number | null;
  readonly steps: number | null;
}

/**
 * Params `epochs` and `steps` of a schedule.
 * @param meaning what lasts so long, as a sentence.
 * @param otherwise what holds where neither is given, as a sentence.
 */
export const durationParams = (meaning: string, otherwise: string) =>
  ({
    epochs: {
      type: 'number',
      exclusiveMinimum: 0,
      nullable: true,
      default: null,
      unit: 'epochs',
      examples: [5],
      description: `${meaning} ${otherwise}`,
    },
    steps: {
      type: 'integer',
      minimum: 1,
      nullable: true,
      default: null,
      unit: 'updates',
      description: 'The same in updates; added to `epochs` where both are given.',
    },
  }) as const satisfies Params;

/** In updates, not rounded; null where nothing was given. */
export const numStepsOf = ({ epochs, steps }: Duration, { stepsPerEpoch }: Progress): number | null =>
  epochs === null && steps === null ? null : (epochs ?? 0) * stepsPerEpoch + (steps ?? 0);

/** How much of a duration has passed: 0 at first, 1 from its end on. A duration of no updates is over at once. */
export const fractionOf = (step: number, numSteps: number): number => (step >= numSteps ? 1 : Math.max(0, step / numSteps));
