/** What optimizers have in common: params, and slots that must be there. */
import type { UpdateInput } from '../../registry/contracts/index.js';
import type { Param } from '../../registry/params.js';
import type * as tf from '@tensorflow/tfjs-core';

/** Param of an optimizer: its step size, a number or a schedule; `usual` is the default. */
export const learningRateParam = <const D extends number>(usual: D) =>
  ({
    component: 'schedule',
    default: usual,
    examples: [usual],
    description: 'Step size: a number, or a schedule such as `{ type: cosine, from: 0.001 }`.',
  }) as const satisfies Param;

/** Param of optimizers that divide by a root of squares. */
export const epsilonParam = {
  type: 'number',
  exclusiveMinimum: 0,
  default: 1e-8,
  description: 'Added to the root of the mean squared gradient, so that nothing is divided by zero.',
} as const satisfies Param;

/**
 * The slot of this name, shaped like its variable.
 * @throws Error where the trainer did not hand it over.
 */
export const slotOf = (slots: UpdateInput['slots'], name: string): tf.Tensor => {
  const slot = slots[name];
  if (slot === undefined) throw new Error(`the optimizer was not given its slot "${name}"`);
  return slot;
};
