/** Models, losses, optimizers, schedules and metrics: what a training step is made of. */
import type * as tf from '@tensorflow/tfjs-core';
import type { Data, DataFacts, SplitName } from './data.js';
import type { OfferName, Offers } from './offers.js';
import type { Noise, Pass, Scope } from './tensors.js';

/** What a pass is given: examples [B, ...shape], and their labels [B], int32. A pass that only samples needs neither. */
export interface Batch {
  readonly x?: tf.Tensor;
  readonly labels?: tf.Tensor;
}

/** What is known of a run before it starts; null where it is not known yet. */
export interface Facts {
  readonly data: DataFacts | null;
  /** Examples in each split; null until the data is loaded. */
  readonly counts: Readonly<Record<SplitName, number>> | null;
  readonly latent: number;
  readonly offers: readonly OfferName[];
  readonly players: readonly string[];
  /** Names of the metrics' columns without their split, e.g. "elbo". */
  readonly metricColumns: readonly string[];
  /** Names of the columns that training itself fills: losses, gradient norms, learning rates. Null where a fault hides them. */
  readonly trainingColumns: readonly string[] | null;
}

/** Why params do not fit the rest of the experiment. */
export interface Misfit {
  /** The param at fault, or an entry of it: `metrics[1]`; null for the component as a whole. */
  readonly param: string | null;
  /** What does not fit, as a clause: "needs 2 latent dimensions, the model has 20". */
  readonly message: string;
  /** The way out, a sentence. */
  readonly help: string;
}

/** A component that can only be used with some experiments says so before training. */
export interface Checked {
  check?(facts: Facts): Misfit | null;
}

/** Networks and distributions as one, with what losses, metrics and plots may ask of it. */
export interface Model extends Checked {
  /** Named groups of variables; a variable belongs to the player that its path starts with. */
  readonly players: readonly string[];
  readonly offers: readonly OfferName[];
  readonly latent: number;
  /**
   * The steps of a round, where the experiment does not list them: each names the players, or roles, that step together. Absent: all of them
   * step at once.
   */
  readonly updates?: readonly (readonly string[])[];
  /**
   * Who takes a part that losses name and that no player of the model is called by: in an AAE the encoder is the `generator`. A role that an
   * update names steps for its own part alone; where none does, its players minimise it beside their own.
   */
  readonly roles?: Readonly<Record<string, readonly string[]>>;
  /** Whether some gradients are estimates, straight through what has none, and not the slopes of the values. */
  readonly estimatesGradients?: boolean;
  /** Whether the model itself reads the labels of the batch. */
  readonly readsLabels?: boolean;
  /**
   * For models without players: the values of its state variables, by path, found in the training data by a formula. There is nothing to
   * train then, no losses and no steps.
   */
  fit?(data: Data): ReadonlyMap<string, Float32Array>;
  build(scope: Scope, data: DataFacts): Forward;
}
/** The model applied to a batch. What is offered is computed when first read, once per pass. */
export type Forward = (batch: Batch, pass: Pass) => Offers;

/** What a schedule gives at this step, as a scalar; `name` tells several schedules of one loss apart. */
export type Now = (name: string, schedule: Schedule) => tf.Tensor;

/** A part of a loss, for some of the players. */
export interface LossTerm {
  /** Who minimises it: players, or roles of the model. */
  readonly players: readonly string[];
  readonly needs: readonly OfferName[];
  /**
   * The sign of the term on binary data, where log-probabilities are those of masses; absent where it may be either. `latentlab verify`
   * holds the term to it.
   */
  readonly sign?: 'non-negative' | 'non-positive';
  /**
   * The term in nats (or what its description says), averaged over the batch: a scalar. `noise` is the loss's own; `now` is for terms with
   * schedules of their own.
   */
  compute(offers: Offers, noise: Noise, now?: Now): tf.Tensor;
}
/** What players minimise: a sum of terms, each times the weight of the loss. */
export interface Loss extends Checked {
  /** Whether it takes the discriminator's output for a log odds, behind which stands a sigmoid that can saturate. */
  readonly isLogistic?: boolean;
  /** Whether it weighs the discriminator's slope at each example for itself, which means nothing where examples hang on each other. */
  readonly weighsSlopes?: boolean;
  readonly terms: readonly LossTerm[];
}

/** Where training stands; schedules are functions of it alone. */
export interface Progress {
  /** Finished updates: 0 for the first. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
}
/** A number that changes while a run trains. */
export interface Schedule {
  /** True where `at` never changes: the value can be compiled in. */
  readonly constant: boolean;
  at(progress: Progress): number;
}

/** What an update rule is given: one variable's value and gradient [...], and the state of the optimizer. */
export interface UpdateInput {
  readonly value: tf.Tensor;
  readonly gradient: tf.Tensor;
  /** The slots' tensors by name, shaped like the value. */
  readonly slots: Readonly<Record<string, tf.Tensor>>;
  /** float32 scalars: this step's learning rate, and the count of this update (1 for the first). */
  readonly learningRate: tf.Tensor;
  readonly count: tf.Tensor;
}
/** The variable's next value [...], and the next state. */
export interface UpdateOutput {
  readonly value: tf.Tensor;
  readonly slots: Readonly<Record<string, tf.Tensor>>;
}
/** A pure update rule; the trainer owns the state. */
export interface Optimizer {
  readonly learningRate: Schedule;
  /** Per-variable state, zero at first. */
  readonly slots: readonly string[];
  update(input: UpdateInput): UpdateOutput;
}

/** A column of metrics.csv. */
export interface Column {
  /** In CSV headers behind the split: `elbo` gives `train.elbo` and `validation.elbo`. */
  readonly name: string;
  /** "nats", "bits", "" for pure numbers. */
  readonly unit: string;
  readonly title: string;
}
/** Folds per-example values over a split, on the host, in double precision. */
export interface Reducer {
  /** `rows[name]` holds at least `count` examples' values, row-major; those behind `count` are padding. */
  add(rows: Readonly<Record<string, Float32Array>>, count: number): void;
  /** One number per column. */
  result(): readonly number[];
}
/** What learned features do to rows, on the host. */
export interface Projection {
  /** Values of a row afterwards. */
  readonly width: number;
  /** The first `count` rows of what `extract` gave, [count, width]. */
  apply(rows: Float32Array, count: number): Float32Array;
}

/** What samples and examples are compared by: numbers per example, in which those are near that look alike. */
export interface Features extends Checked {
  readonly needs: readonly OfferName[];
  /** Examples [N, ...shape] to rows [N, D]; part of a step. */
  extract(x: tf.Tensor, offers: Offers): tf.Tensor;
  /** What is learned of the training split, once, and changes the rows on the host; null where they stay as they are. */
  readonly fit: ((data: Data) => Projection) | null;
  /** Hash of what was learned of the data; null where nothing was, or where the classifier's hash says it. */
  hash(data: Data): string | null;
}

/** A step that runs many times over a state, where a graph of all its runs would be too large: a Markov chain. */
export interface Repetition {
  readonly runs: number;
  /** Numbers of a run, counted from 0; the step gets them as scalars. */
  now(run: number): Readonly<Record<string, number>>;
  /** The state after a run; what it leaves out stays as it is. Draws of `noise` are others in each run. */
  step(
    offers: Offers,
    state: Readonly<Record<string, tf.Tensor>>,
    now: Readonly<Record<string, tf.Tensor>>,
    noise: Noise,
  ): Readonly<Record<string, tf.Tensor>>;
}

/** Figures of a split: numbers for each example, measured inside a step, and folded on the host. */
export interface Metric extends Checked {
  /** Raised when equal params give other figures than before; 1 if absent. */
  readonly version?: number;
  /** What its figures hang on beside its params and the data, for their provenance: hashes of learned features, by name. */
  provenance?(data: Data): Readonly<Record<string, string>>;
  readonly needs: readonly OfferName[];
  columns(latent: number): readonly Column[];
  /** Per-example float32 tensors [B, ...] by name, recorded in the evaluation pass. `noise` is the metric's own. */
  measure(offers: Offers, noise: Noise): Readonly<Record<string, tf.Tensor>>;
  /** Go on from what `measure` gave, float32 tensors of any shape, one after the other; the reducer gets what there is at the end. */
  readonly repetitions?: readonly Repetition[];
  /** The most examples of a split that it looks at, the first ones; all if absent. */
  readonly examples?: number;
  reducer(latent: number, data: Data): Reducer;
}
