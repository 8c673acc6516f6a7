/** One update: some players' losses, their gradients, the optimizer's rule, all in one step function for the engine. */
import * as tf from '@tensorflow/tfjs-core';
import { hostTensor, withLabel } from '../../engine/index.js';
import type { Batch, Forward, Loss, Noise, Optimizer, Progress, Schedule } from '../../registry/contracts/index.js';
import { RunError } from '../errors.js';
import { clipGradients, type Clipping } from './clipping.js';
import type { NamedVariable, Variables } from './variables.js';

export interface WeightedLoss {
  readonly name: string;
  readonly weight: Schedule;
  readonly loss: Loss;
}

export interface UpdateParts {
  readonly players: readonly string[];
  readonly forward: Forward;
  readonly losses: readonly WeightedLoss[];
  readonly optimizer: Optimizer;
  readonly clipping: Clipping;
  readonly variables: Variables;
  /** Progress at a step: what schedules see. */
  readonly progressAt: (step: number) => Progress;
}

/** Names of what an update returns beside the loss terms, which are `loss.<name>`. */
export const totalLoss = 'loss';
export const lossColumn = (name: string): string => `loss.${name}`;

/** The step function of an update; its tick is the number of finished updates. Optimizer state is made here, once. */
export const createUpdate = (parts: UpdateParts): ((batch: Batch, noise: Noise) => Record<string, tf.Tensor>) => {
  const { players, forward, losses, optimizer, clipping, variables } = parts;
  const trained = players.flatMap((player) => variables.trainableBy(player));
  const slots = new Map(trained.map((named) => [named, createSlots(variables, optimizer, named)]));

  return (batch, noise) => {
    const terms = new Map<string, tf.Tensor>();
    const objective = (): tf.Scalar => {
      const offers = forward(batch, { training: true, noise });
      const weighted = losses.flatMap(({ name, weight, loss }) =>
        withLabel(`loss ${name}`, () => {
          const mine = loss.terms.filter((term) => term.players.some((player) => players.includes(player)));
          if (mine.length === 0) return [];
          const value = tf.addN(mine.map((term) => term.compute(offers)));
          // All that the objective makes is disposed of; the terms are wanted afterwards.
          terms.set(lossColumn(name), tf.keep(tf.clone(value)));
          return [tf.mul(value, scheduled(`weight of ${name}`, weight, parts.progressAt))];
        }),
      );
      return tf.reshape<tf.Rank.R0>(tf.addN(weighted), []);
    };
    // Not tf.variableGrads, which has a message of its own where no variable is reached.
    const { value, grads } = tf.engine().gradients<tf.Scalar>(
      objective,
      trained.map((named) => named.variable),
      undefined,
      true,
    );
    const results = { [totalLoss]: value, ...Object.fromEntries([...terms].map(([name, term]) => [name, release(term)])) };
    const gradients = clipGradients(
      trained.map((named, i) => gradientOf(named, grads[i])),
      clipping,
    );
    withLabel('optimizer', () => {
      const learningRate = scheduled('learning rate', optimizer.learningRate, parts.progressAt);
      const count = hostTensor('update count', [], (out, tick) => out.fill(tick + 1));
      trained.forEach((named, i) => {
        const gradient = gradients[i];
        const state = slots.get(named);
        if (gradient && state) applyUpdate(optimizer, named.variable, gradient, state, learningRate, count);
      });
    });
    return results;
  };
};

/** Hands a kept tensor back to the enclosing tidy. */
const release = (kept: tf.Tensor): tf.Tensor => {
  const released = tf.clone(kept);
  kept.dispose();
  return released;
};

/** A schedule's value as a tensor of the step: a constant where it never changes. */
const scheduled = (name: string, schedule: Schedule, progressAt: UpdateParts['progressAt']): tf.Tensor =>
  schedule.constant ? tf.scalar(schedule.at(progressAt(0))) : hostTensor(name, [], (out, tick) => out.fill(schedule.at(progressAt(tick))));

type Slots = Readonly<Record<string, tf.Variable>>;

const createSlots = (variables: Variables, optimizer: Optimizer, { path, variable }: NamedVariable): Slots => {
  const scope = variables.scope(`optimizer/${path}`);
  return Object.fromEntries(optimizer.slots.map((slot) => [slot, scope.state(slot, variable.shape, (out) => out.fill(0))]));
};

const applyUpdate = (
  optimizer: Optimizer,
  variable: tf.Variable,
  gradient: tf.Tensor,
  slots: Slots,
  learningRate: tf.Tensor,
  count: tf.Tensor,
): void => {
  const next = optimizer.update({ value: variable, gradient, slots, learningRate, count });
  variable.assign(next.value);
  for (const [name, slot] of Object.entries(slots)) {
    const value = next.slots[name];
    if (!value) throw new Error(`the optimizer did not return its slot "${name}"`);
    slot.assign(value);
  }
};

const gradientOf = ({ path, player }: NamedVariable, gradient: tf.Tensor | null | undefined): tf.Tensor => {
  if (gradient) return gradient;
  throw new RunError('no-gradient', { variable: path, player });
};
