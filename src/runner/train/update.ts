/** One step of an update: some players' losses, their gradients, the optimizer's rule, as part of a step function for the engine. */
import * as tf from '@tensorflow/tfjs-core';
import { hostTensor, withLabel } from '../../engine/index.js';
import type { Batch, Forward, LossTerm, Now, Progress, Schedule } from '../../registry/contracts/index.js';
import { RunError } from '../errors.js';
import { clipGradients, globalNorm } from './clipping.js';
import { termsOf, type NamedTerm, type UpdateColumns, type WeightedLoss } from './losses.js';
import { prefixNoise, type StepDraws } from './noise.js';
import { openPass } from './pass.js';
import type { PlannedStep, UpdateSpec } from './plan-round.js';
import type { NamedVariable, Variables } from './variables.js';

export interface UpdateParts {
  readonly update: UpdateSpec;
  readonly columns: UpdateColumns;
  readonly forward: Forward;
  readonly losses: readonly WeightedLoss[];
  readonly variables: Variables;
  /** Whether a variable stays as it is, by its path. */
  readonly isFrozen: (path: string) => boolean;
  /** Progress at a round: what schedules see. */
  readonly progressAt: (step: number) => Progress;
}

/** Figures of a step by column. */
export type Figures = Readonly<Record<string, tf.Tensor>>;

/** Records a step: reads the round's batches, assigns variables, and gives the figures. Its tick is the number of finished rounds. */
export type TakeStep = (step: PlannedStep, batches: readonly Batch[], draws: StepDraws) => Figures;

/** Players whose objectives are the same share one gradient. */
interface Group {
  readonly terms: readonly (readonly NamedTerm[])[];
  readonly variables: readonly NamedVariable[];
}

/** Optimizer state and moving averages are made here, once. */
export const createUpdate = (parts: UpdateParts): TakeStep => {
  const { update, columns, variables, progressAt } = parts;
  const groups = groupPlayers(parts);
  const trained = groups.flatMap((group) => group.variables);
  const states = new Map(trained.map((named) => [named, createState(variables, update, named)]));

  return (step, batches, draws) => {
    const measured = step.batches.map((place, i) => measure(parts, groups, batches[place] ?? {}, draws, step.noise[i] ?? ''));
    const gradients = clipGradients(
      trained.map((_, i) => average(measured.flatMap(({ gradients: all }) => all[i] ?? []))),
      update.clipping,
    );
    const figures: Record<string, tf.Tensor> = {};
    for (const name of Object.keys(measured[0]?.figures ?? {})) figures[name] = average(measured.flatMap((one) => one.figures[name] ?? []));
    if (columns.gradientNorm !== null) figures[columns.gradientNorm] = globalNorm(gradients);
    withLabel('optimizer', () => {
      const learningRate = scheduled('learning rate', update.optimizer.learningRate, progressAt);
      const count = hostTensor('update count', [], (out, tick) => out.fill(tick * update.steps + step.index + 1));
      trained.forEach((named, i) => {
        const gradient = gradients[i];
        const state = states.get(named);
        if (gradient && state) applyUpdate(update, named.variable, gradient, state, learningRate, count);
      });
    });
    for (const one of measured) one.close();
    return figures;
  };
};

const groupPlayers = ({ update, losses, variables, isFrozen }: UpdateParts): readonly Group[] => {
  const groups = new Map<string, { terms: readonly (readonly NamedTerm[])[]; variables: NamedVariable[] }>();
  for (const { player, names } of update.parts) {
    const terms = termsOf(losses, names);
    const key = terms.map((ofLoss, i) => ofLoss.map(({ term }) => losses[i]?.loss.terms.indexOf(term)).join()).join(';');
    const group = groups.get(key) ?? { terms, variables: [] };
    group.variables.push(...variables.trainableBy(player).filter(({ path }) => !isFrozen(path)));
    groups.set(key, group);
  }
  return [...groups.values()].filter((group) => group.variables.length > 0);
};

interface Measured {
  readonly figures: Figures;
  /** Of all groups' variables, one after another. */
  readonly gradients: readonly tf.Tensor[];
  /** Moves the states of the players that step, and lets go of the passes. */
  readonly close: () => void;
}

const measure = (parts: UpdateParts, groups: readonly Group[], batch: Batch, draws: StepDraws, stream: string): Measured => {
  const { forward, update, variables } = parts;
  const values = new Map<LossTerm, tf.Tensor>();
  const totals: tf.Tensor[] = [];
  const passes = groups.map(() => openPass(true, draws.noise(stream)));
  const letGo = (): void => {
    for (const value of values.values()) value.dispose();
    for (const pass of passes) pass.close();
  };
  const differentiate = (group: Group, g: number): readonly tf.Tensor[] => {
    const pass = passes[g]?.pass;
    const objective = (): tf.Scalar => {
      if (pass === undefined) throw new Error('a group of players has no pass');
      const offers = forward(batch, pass);
      const weighted = group.terms.flatMap((ofLoss) => {
        const [first] = ofLoss;
        if (first === undefined) return [];
        const { name, weight } = first.loss;
        return withLabel(`loss ${name}`, () => {
          const noise = prefixNoise(pass.noise, `loss/${name}`);
          const now: Now = (what, schedule) => scheduled(`${what} of ${name}`, schedule, parts.progressAt);
          const computed = ofLoss.map(({ term }) => {
            const value = tf.reshape(term.compute(offers, noise, now), []);
            // All that the objective makes is disposed of; the terms are wanted afterwards.
            if (!values.has(term)) values.set(term, tf.keep(tf.clone(value)));
            return value;
          });
          return [tf.mul(tf.addN(computed), scheduled(`weight of ${name}`, weight, parts.progressAt))];
        });
      });
      return tf.reshape<tf.Rank.R0>(tf.addN(weighted), []);
    };
    // Not tf.variableGrads, which has a message of its own where no variable is reached.
    const { value, grads } = tf.engine().gradients<tf.Scalar>(
      objective,
      group.variables.map((named) => named.variable),
      undefined,
      true,
    );
    totals.push(value);
    assertReached(group.variables.filter((_, i) => !grads[i]));
    return grads;
  };
  let gradients: readonly tf.Tensor[];
  let figures: Figures;
  try {
    gradients = groups.flatMap(differentiate);
    figures = figuresOf(parts, values, totals);
  } catch (error) {
    letGo();
    throw error;
  }
  return {
    figures,
    gradients,
    close: () => {
      const moved = new Map(variables.all.map(({ variable, player }) => [variable, player]));
      const stepping = new Set<string | undefined>(update.parts.map(({ player }) => player));
      for (const { remembered } of passes) for (const [state, next] of remembered) if (stepping.has(moved.get(state))) state.assign(next);
      letGo();
    },
  };
};

/** Each loss, and their weighted sum; a term that several groups of players minimise counts once. */
const figuresOf = (
  { losses, columns, progressAt }: UpdateParts,
  values: ReadonlyMap<LossTerm, tf.Tensor>,
  totals: readonly tf.Tensor[],
): Figures => {
  const sums = losses.flatMap((loss) => {
    const mine = loss.loss.terms.flatMap((term) => values.get(term) ?? []);
    return mine.length === 0 ? [] : [{ loss, value: tf.addN(mine) }];
  });
  const [only] = totals;
  const weighted = (): tf.Tensor =>
    tf.addN(sums.map(({ loss, value }) => tf.mul(value, scheduled(`weight of ${loss.name}`, loss.weight, progressAt))));
  const total = totals.length === 1 && only !== undefined ? only : weighted();
  return { [columns.total]: total, ...Object.fromEntries(sums.map(({ loss, value }) => [columns.term(loss.name), tf.clone(value)])) };
};

const average = (tensors: readonly tf.Tensor[]): tf.Tensor => {
  const [first] = tensors;
  if (first === undefined) throw new Error('nothing to average');
  return tensors.length === 1 ? first : tf.div(tf.addN([...tensors]), tensors.length);
};

/** A schedule's value as a tensor of the step: a constant where it never changes. */
const scheduled = (name: string, schedule: Schedule, progressAt: UpdateParts['progressAt']): tf.Tensor =>
  schedule.constant ? tf.scalar(schedule.at(progressAt(0))) : hostTensor(name, [], (out, tick) => out.fill(schedule.at(progressAt(tick))));

/** What an update keeps for one variable. */
interface State {
  readonly slots: Readonly<Record<string, tf.Variable>>;
  readonly average: tf.Variable | null;
}

const createState = (variables: Variables, { label, optimizer, ema }: UpdateSpec, { path, variable }: NamedVariable): State => {
  // A second update of the same player has an optimizer of its own.
  const scope = variables.scope(variables.has(`optimizer/${path}`) ? `optimizer/${label}/${path}` : `optimizer/${path}`);
  const slots = Object.fromEntries(optimizer.slots.map((slot) => [slot, scope.state(slot, variable.shape, (out) => out.fill(0))]));
  return { slots, average: ema === null ? null : variables.averageOf(path) };
};

const applyUpdate = (
  { optimizer, weightClipping, weightDecay, ema }: UpdateSpec,
  variable: tf.Variable,
  gradient: tf.Tensor,
  { slots, average: moving }: State,
  learningRate: tf.Tensor,
  count: tf.Tensor,
): void => {
  const next = optimizer.update({ value: variable, gradient, slots, learningRate, count });
  let { value } = next;
  if (weightDecay > 0) value = tf.sub(value, tf.mul(variable, tf.mul(learningRate, weightDecay)));
  if (weightClipping !== null) value = tf.maximum(tf.minimum(value, weightClipping), -weightClipping);
  if (moving !== null && ema !== null) moving.assign(tf.add(tf.mul(moving, ema), tf.mul(value, 1 - ema)));
  variable.assign(value);
  for (const [name, slot] of Object.entries(slots)) {
    const state = next.slots[name];
    if (!state) throw new Error(`the optimizer did not return its slot "${name}"`);
    slot.assign(state);
  }
};

/** TensorFlow.js has null for the gradient of what a loss does not depend on. */
const assertReached = (missing: readonly NamedVariable[]): void => {
  const [first] = missing;
  if (first === undefined) return;
  throw new RunError('no-gradient', { variable: first.path, player: first.player, missing: missing.map(({ path }) => path) });
};
