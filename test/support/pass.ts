/** What a component gets from a run, for tests: scopes that make variables, noise, and passes. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll } from 'vitest';
import { registerMissingGradients } from '../../src/engine/gradients/index.js';
import type { DataFacts, Layers, Noise, Offers, Pass, Scope, Shape } from '../../src/registry/contracts/index.js';
import { createRandomStreams } from '../../src/runner/random/index.js';

/** Makes the numerical reference the backend of a test file; gradients are registered as every engine has them. */
export const useCpuBackend = (): void => {
  beforeAll(async () => {
    registerMissingGradients();
    // Otherwise the backend greets every test file with an advertisement for tfjs-node.
    tf.env().set('PROD', true);
    await tf.setBackend('cpu');
  });
};

const sizeOf = (shape: Shape): number => shape.reduce((product, dim) => product * dim, 1);

/** A scope, and the variables that were made in it by path. */
export interface TestScope extends Scope {
  readonly variables: ReadonlyMap<string, tf.Variable>;
  /** Gives a variable values, row-major; throws where there is none of this path. */
  readonly set: (path: string, values: readonly number[]) => void;
}

/** Variables begin with the draws that a run of this seed would give them. */
export const createTestScope = (seed = 1): TestScope => {
  const random = createRandomStreams(seed);
  const variables = new Map<string, tf.Variable>();
  const set = (path: string, values: readonly number[]): void => {
    const variable = variables.get(path);
    if (variable === undefined) throw new Error(`there is no variable ${path}, only ${[...variables.keys()].join(', ')}`);
    variable.assign(tf.tensor([...values], variable.shape));
  };
  const below = (path: string): TestScope => {
    const make =
      (isTrainable: boolean): Scope['variable'] =>
      (name, shape, initializer) => {
        const full = path === '' ? name : `${path}/${name}`;
        if (variables.has(full)) throw new Error(`two variables are named ${full}`);
        const values = new Float32Array(sizeOf(shape));
        initializer(values, shape, random.draws(`init/${full}`, 0));
        const variable = tf.variable(tf.tensor(values, [...shape], 'float32'), isTrainable);
        variables.set(full, variable);
        return variable;
      };
    return {
      path,
      variables,
      set,
      child: (name) => below(path === '' ? name : `${path}/${name}`),
      variable: make(true),
      state: make(false),
    };
  };
  return below('');
};

/** Noise that is the same for the same seed, name and shape; a name may be drawn once, as in a run. */
export const createSeededNoise = (seed = 1): Noise => {
  const random = createRandomStreams(seed);
  const used = new Set<string>();
  const draw = (name: string, shape: Shape, kind: 'normal' | 'uniform'): tf.Tensor => {
    if (used.has(name)) throw new Error(`two draws of one pass are named "${name}"`);
    used.add(name);
    const values = new Float32Array(sizeOf(shape));
    random.draws(name, 0)[kind](values);
    return tf.tensor(values, [...shape], 'float32');
  };
  return { normal: (name, shape) => draw(name, shape, 'normal'), uniform: (name, shape) => draw(name, shape, 'uniform') };
};

/** Noise with given values by name. */
export const createFixedNoise = (values: Readonly<Record<string, readonly number[]>>): Noise => {
  const give = (name: string, shape: Shape): tf.Tensor => {
    const given = values[name];
    if (given === undefined) throw new Error(`the test gives no noise called "${name}"`);
    return tf.tensor([...given], [...shape], 'float32');
  };
  return { normal: give, uniform: give };
};

export const createPass = (noise: Noise = createSeededNoise(), training = true): Pass => {
  const made = new Map<object, tf.Tensor>();
  return {
    training,
    noise,
    once: (key, compute) => {
      const value = made.get(key) ?? compute();
      made.set(key, value);
      return value;
    },
    remember: (state, next) => {
      if (training) state.assign(next(state));
    },
  };
};

/** A network as the function of its output alone. */
export const applyOf =
  (layers: Layers): ((x: tf.Tensor, pass: Pass) => tf.Tensor) =>
  (x, pass) =>
    layers.apply(x, pass).output;

export const dataFacts = (shape: Shape, support: DataFacts['support'] = 'binary'): DataFacts => ({ shape, numClasses: null, support });

/** Offers of which a test gives some; reading another throws. */
export const createTestOffers = (given: Partial<Offers>): Offers =>
  // A proxy stands for all the names that a test does not give.
  new Proxy(given, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (value === undefined) throw new Error(`the test offers no "${String(name)}"`);
      return value;
    },
  }) as Offers;

/** The values of a tensor, row-major. */
export const valuesOf = (tensor: tf.Tensor): number[] => [...tensor.dataSync()];
/** The one value of a tensor. */
export const valueOf = (tensor: tf.Tensor): number => valuesOf(tensor)[0] ?? Number.NaN;
