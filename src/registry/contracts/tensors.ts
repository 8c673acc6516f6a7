/** The small shared vocabulary of the contracts: shapes, host values, random draws, variables in a scope. */
import type * as tf from '@tensorflow/tfjs-core';

/** Sizes of the axes, outermost first; [] for a scalar. */
export type Shape = readonly number[];
/** Values on the host, row-major. */
export type Values = Float32Array | Int32Array | Uint8Array;

/** One sequence of draws, a pure function of (seed, stream name, tick). Each call continues the sequence. */
export interface Draws {
  /** Uniform on [0, 1). */
  uniform(out: Float32Array): void;
  /** Standard normal. */
  normal(out: Float32Array): void;
  /** A uniformly random integer in [0, below). */
  integer(below: number): number;
  /** A uniformly random order of 0..count-1 (Fisher-Yates). */
  permutation(count: number): Int32Array;
}

/** The run's host randomness: `draws('data/shuffle', epoch)` gives the same draws whenever it is asked. */
export interface RandomStreams {
  readonly seed: number;
  draws(stream: string, tick: number): Draws;
}

/** Randomness inside a step: tensors that are filled from a random stream before each run of the step. */
export interface Noise {
  /** Standard normal float32 tensor. `name` is the stream's; two draws in one step need two names. */
  normal(name: string, shape: Shape): tf.Tensor;
  /** Uniform on [0, 1), float32. */
  uniform(name: string, shape: Shape): tf.Tensor;
}

/** Writes a variable's initial values. `shape` is the variable's: [inputs, outputs] for a dense kernel. */
export type Initializer = (out: Float32Array, shape: Shape, draws: Draws) => void;

/** Where a component creates its variables; the path becomes their name, e.g. `encoder/hidden-0/kernel`. */
export interface Scope {
  readonly path: string;
  child(name: string): Scope;
  /** A variable that its player trains; initial values come from the stream `init/<path>/<name>`. */
  variable(name: string, shape: Shape, initializer: Initializer): tf.Variable;
  /** A variable that no optimizer touches, saved with the weights (running statistics, codebooks). */
  state(name: string, shape: Shape, initializer: Initializer): tf.Variable;
}

/** One pass through the model: whether it trains, and where its noise comes from. */
export interface Pass {
  readonly training: boolean;
  readonly noise: Noise;
  /** What `compute` gives, computed at the first call with this key (compared by identity) and kept for the whole pass. */
  once(key: object, compute: () => tf.Tensor): tf.Tensor;
  /**
   * Gives a state variable its next value, as running statistics get theirs. Heeded in a training step of the player that the variable
   * belongs to, and only there; `current` is the state, with what this pass has remembered before.
   */
  remember(state: tf.Variable, next: (current: tf.Tensor) => tf.Tensor): void;
}
