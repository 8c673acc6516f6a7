/** Likelihoods around a location from the decoder, with a scale that is fixed, learned, or the decoder's as well. Shapes: D data values. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scope } from '../../registry/contracts/index.js';
import type { Params } from '../../registry/params.js';
import { filledWith } from './initializers.js';

export type ScaleChoice = number | 'shared' | 'per-value';

export const scaleFloorParam = {
  type: 'number',
  exclusiveMinimum: 0,
  default: 0.001,
  unit: 'data units',
  description: 'Learned scales stay above it: where values can be met exactly, the density would grow without bound.',
} as const satisfies Params[string];

export interface LocationScale {
  readonly location: tf.Tensor;
  /** A scalar, or shaped like the location. */
  readonly scale: tf.Tensor;
}

export const paramsPerValueOf = (scale: ScaleChoice): number => (scale === 'per-value' ? 2 : 1);

/** How locations and scales come out of what the decoder gave; a learned scale is `initial` at first (above the floor). */
export const createLocationScale = (
  scope: Scope,
  choice: ScaleChoice,
  floor: number,
  initial = 1,
): ((params: tf.Tensor) => LocationScale) => {
  const unboundedAtFirst = Math.log(Math.expm1(initial));
  const bounded = (unbounded: tf.Tensor): tf.Tensor => tf.add(tf.softplus(unbounded), floor);
  if (choice === 'shared') {
    const unbounded = scope.variable('scale', [], filledWith(unboundedAtFirst));
    return (location) => ({ location, scale: bounded(unbounded) });
  }
  if (choice === 'per-value') {
    return (params) => {
      const [location, unbounded] = tf.split(params, 2, -1);
      if (location === undefined || unbounded === undefined) throw new Error('A tensor split in two gave fewer parts.');
      return { location, scale: bounded(initial === 1 ? unbounded : tf.add(unbounded, unboundedAtFirst)) };
    };
  }
  return (location) => ({ location, scale: tf.scalar(choice) });
};
