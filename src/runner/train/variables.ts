/** The run's variables: made by components through scopes, known by path, grouped by player. */
import * as tf from '@tensorflow/tfjs-core';
import type { Engine } from '../../engine/index.js';
import { partAtWork, type Part } from '../../registry/blame.js';
import type { Initializer, RandomStreams, Scope, Shape, Values } from '../../registry/contracts/index.js';

export interface NamedVariable {
  /** `encoder/hidden-0/kernel`; the first part is the player. */
  readonly path: string;
  readonly player: string;
  /** False for state that no optimizer touches. */
  readonly trainable: boolean;
  readonly variable: tf.Variable;
  /** The component that made it; null for what no component of an experiment made. */
  readonly part: Part | null;
}

/** Values of a variable, row-major. */
interface StoredValues {
  readonly shape: Shape;
  readonly values: Values;
}

export class Variables {
  readonly #engine: Engine;
  readonly #random: RandomStreams;
  readonly #others: tf.Variable[] = [];
  readonly #byPath = new Map<string, NamedVariable>();
  #isOurs = false;

  constructor(engine: Engine, random: RandomStreams) {
    this.#engine = engine;
    this.#random = random;
  }

  get all(): readonly NamedVariable[] {
    return [...this.#byPath.values()];
  }

  has(path: string): boolean {
    return this.#byPath.has(path) || [...this.#byPath.keys()].some((known) => known.startsWith(`${path}/`));
  }

  /** The moving average of a variable, `ema/<path>`, which begins as the variable does. */
  averageOf(path: string): tf.Variable {
    const name = `ema/${path}`;
    const known = this.#byPath.get(name);
    if (known) return known.variable;
    const followed = this.#byPath.get(path);
    if (!followed) throw new Error(`no variable is named ${path}`);
    return this.scope('ema').state(path, followed.variable.shape, (out) => {
      out.set(this.#engine.read(followed.variable));
    });
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

  /** What `body`, which builds components, makes in the scope ''. A variable made beside a scope would be neither trained nor saved: it throws. */
  build<T>(body: (scope: Scope) => T): T {
    const engine = tf.engine();
    const { makeVariable } = engine;
    engine.makeVariable = (...given) => {
      if (!this.#isOurs)
        throw new Error('it makes a variable of its own (tf.variable), which would be neither trained nor saved; its scope makes them');
      return makeVariable.apply(engine, given);
    };
    try {
      return body(this.scope(''));
    } finally {
      engine.makeVariable = makeVariable;
    }
  }

  /**
   * The scope of a model that exists already: what `shadows` says follows a variable (its moving average) is given in the variable's
   * place, and the variable itself where nothing does.
   */
  existing(path: string, shadows: ReadonlyMap<string, tf.Variable>): Scope {
    const below = (name: string): string => (path === '' ? name : `${path}/${name}`);
    const find = (name: string): tf.Variable => {
      const known = shadows.get(below(name)) ?? this.#byPath.get(below(name))?.variable;
      if (known === undefined) throw new Error(`no variable is named ${below(name)}: the model makes others when it is built again`);
      return known;
    };
    return { path, child: (name) => this.existing(below(name), shadows), variable: find, state: find };
  }

  /** The scope of a model that was trained elsewhere. Its variables are neither trained nor saved, and go when the run's do. */
  stored(values: ReadonlyMap<string, StoredValues>, path = ''): Scope {
    const below = (name: string): string => (path === '' ? name : `${path}/${name}`);
    const find: Scope['variable'] = (name, shape) => {
      const found = values.get(below(name));
      if (found?.shape.join() !== shape.join())
        throw new Error(`${below(name)} is [${shape.join(', ')}], and what was stored for it is [${found?.shape.join(', ') ?? 'nothing'}]`);
      const variable = this.#engine.variable(found.values, shape, false);
      this.#others.push(variable);
      return variable;
    };
    return { path, child: (name) => this.stored(values, below(name)), variable: find, state: find };
  }

  dispose(): void {
    for (const { variable } of this.#byPath.values()) variable.dispose();
    for (const variable of this.#others) variable.dispose();
    this.#byPath.clear();
    this.#others.length = 0;
  }

  #create(path: string, shape: Shape, initializer: Initializer, trainable: boolean): tf.Variable {
    if (this.#byPath.has(path)) throw new Error(`two variables are named ${path}`);
    const variable = this.#make(() => {
      return this.#engine.declare?.(shape, trainable) ?? this.#engine.variable(this.#draw(path, shape, initializer), shape, trainable);
    });
    this.#byPath.set(path, { path, player: path.split('/')[0] ?? '', trainable, variable, part: partAtWork() });
    return variable;
  }

  #make(body: () => tf.Variable): tf.Variable {
    this.#isOurs = true;
    try {
      return body();
    } finally {
      this.#isOurs = false;
    }
  }

  #draw(path: string, shape: Shape, initializer: Initializer): Float32Array {
    const values = new Float32Array(shape.reduce((size, dim) => size * dim, 1));
    initializer(values, shape, this.#random.draws(`init/${path}`, 0));
    return values;
  }
}
