/** The run's variables: made by components through scopes, known by path, grouped by player. */
import type * as tf from '@tensorflow/tfjs-core';
import type { Engine } from '../../engine/index.js';
import type { Initializer, RandomStreams, Scope, Shape } from '../../registry/contracts/index.js';

export interface NamedVariable {
  /** `encoder/hidden-0/kernel`; the first part is the player. */
  readonly path: string;
  readonly player: string;
  /** False for state that no optimizer touches. */
  readonly trainable: boolean;
  readonly variable: tf.Variable;
}

export class Variables {
  readonly #engine: Engine;
  readonly #random: RandomStreams;
  readonly #byPath = new Map<string, NamedVariable>();

  constructor(engine: Engine, random: RandomStreams) {
    this.#engine = engine;
    this.#random = random;
  }

  get all(): readonly NamedVariable[] {
    return [...this.#byPath.values()];
  }

  trainableBy(player: string): readonly NamedVariable[] {
    return this.all.filter((named) => named.trainable && named.player === player);
  }

  /** Weights, optimizer state and so on are all scopes below one of these; '' is the model's. */
  scope(path: string): Scope {
    const below = (name: string): string => (path === '' ? name : `${path}/${name}`);
    return {
      path,
      child: (name) => this.scope(below(name)),
      variable: (name, shape, initializer) => this.#create(below(name), shape, initializer, true),
      state: (name, shape, initializer) => this.#create(below(name), shape, initializer, false),
    };
  }

  dispose(): void {
    for (const { variable } of this.#byPath.values()) variable.dispose();
    this.#byPath.clear();
  }

  #create(path: string, shape: Shape, initializer: Initializer, trainable: boolean): tf.Variable {
    if (this.#byPath.has(path)) throw new Error(`two variables are named ${path}`);
    const values = new Float32Array(shape.reduce((size, dim) => size * dim, 1));
    initializer(values, shape, this.#random.draws(`init/${path}`, 0));
    const variable = this.#engine.variable(values, shape, trainable);
    this.#byPath.set(path, { path, player: path.split('/')[0] ?? '', trainable, variable });
    return variable;
  }
}
