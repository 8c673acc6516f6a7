/** Small data, and players whose maths fits on a line, for tests of training. */
import * as tf from '@tensorflow/tfjs-core';
import type { Data, Examples, Forward, LossTerm, Optimizer, Schedule, SplitName } from '../../../src/registry/contracts/index.js';
import type { WeightedLoss } from '../../../src/runner/train/losses.js';
import type { Variables } from '../../../src/runner/train/variables.js';
import { createTestOffers } from '../../support/pass.js';

/** Example i is the number i + first. */
const numbers = (count: number, first: number): Examples => ({
  count,
  read: (indices, _, x, labels) => {
    indices.forEach((index, row) => {
      x[row] = index + first;
      if (labels !== undefined) labels[row] = index;
    });
  },
});

/** Splits of the numbers from 0, from 100, and from 200 on, as [N, 1]. */
export const numberData = (counts: Readonly<Record<SplitName, number>>): Data => ({
  shape: [1],
  numClasses: null,
  support: 'real',
  description: 'numbers',
  hashes: {},
  splits: { train: numbers(counts.train, 0), validation: numbers(counts.validation, 100), test: numbers(counts.test, 200) },
});

/** A model of scalars, one per player, that offers nothing but its batch: losses reach the scalars themselves. */
export interface Scalars {
  readonly forward: Forward;
  readonly variables: Readonly<Record<string, tf.Variable>>;
}

export const createScalars = (variables: Variables, starts: Readonly<Record<string, number>>): Scalars => ({
  forward: (batch) => createTestOffers(batch.x === undefined ? {} : { x: batch.x }),
  variables: Object.fromEntries(
    Object.entries(starts).map(([player, start]) => [player, variables.scope(player).variable('value', [], (out) => out.fill(start))]),
  ),
});

export const constantSchedule = (value: number): Schedule => ({ constant: true, at: () => value });

export const lossOf = (name: string, terms: readonly Omit<LossTerm, 'needs'>[], weight: Schedule = constantSchedule(1)): WeightedLoss => ({
  name,
  weight,
  loss: { terms: terms.map((term) => ({ ...term, needs: [] })) },
});

/** w - learningRate * gradient, and a slot that counts how often it was asked. */
export const countingDescent = (learningRate: Schedule): Optimizer => ({
  learningRate,
  slots: ['updates'],
  update: ({ value, gradient, slots, learningRate: rate }) => {
    const updates = slots['updates'];
    if (updates === undefined) throw new Error('the slot is missing');
    return { value: tf.sub(value, tf.mul(rate, gradient)), slots: { updates: tf.add(updates, 1) } };
  },
});
