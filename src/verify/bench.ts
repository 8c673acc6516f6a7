/** A place to try a component: an engine, variables, random streams, and steps that run on given values. */
import type * as tf from '@tensorflow/tfjs-core';
import { createEngine, type Engine, type EngineName, type InputSpecs } from '../engine/index.js';
import type { Pass, RandomStreams, Shape } from '../registry/contracts/index.js';
import { createRandomStreams } from '../runner/random/index.js';
import { createNoise } from '../runner/train/noise.js';
import { withPass } from '../runner/train/pass.js';
import { Variables } from '../runner/train/variables.js';

export interface Feed {
  readonly shape: Shape;
  readonly values: Float32Array | Int32Array;
}
export type Feeds = Readonly<Record<string, Feed>>;
export type Tensors = Readonly<Record<string, tf.Tensor>>;
export type Numbers = Readonly<Record<string, readonly number[]>>;

/** A function of the feeds, inside a pass. */
export type Step = (inputs: Tensors, pass: Pass) => Tensors;

const specsOf = (feeds: Feeds): InputSpecs =>
  Object.fromEntries(
    Object.entries(feeds).map(([name, { shape, values }]) => [name, { shape, dtype: values instanceof Int32Array ? 'int32' : 'float32' }]),
  );

export class Bench {
  readonly engine: Engine;
  readonly random: RandomStreams;
  readonly variables: Variables;

  private constructor(engine: Engine, seed: number) {
    this.engine = engine;
    this.random = createRandomStreams(seed);
    this.variables = new Variables(engine, this.random);
  }

  /** Throws EngineUnavailableError. */
  static async open(engine: EngineName, seed: number): Promise<Bench> {
    return new Bench(await createEngine(engine), seed);
  }

  /** Compiles a step once; what comes back runs it, as often as wanted, on these feeds. */
  async compile(feeds: Feeds, training: boolean, step: Step): Promise<(tick?: number) => Promise<Numbers>> {
    const compiled = await this.engine.compile('verify', specsOf(feeds), (inputs) =>
      withPass(training, createNoise(this.random, 'verify'), (pass) => step(inputs, pass)),
    );
    const arrays = Object.fromEntries(Object.entries(feeds).map(([name, { values }]) => [name, values]));
    return async (tick = 0) =>
      Object.fromEntries(Object.entries(await compiled.run(arrays, tick)).map(([name, values]) => [name, [...values]]));
  }

  async run(feeds: Feeds, training: boolean, step: Step): Promise<Numbers> {
    return (await this.compile(feeds, training, step))();
  }

  async close(): Promise<void> {
    this.variables.dispose();
    await this.engine.dispose();
  }
}

/** Opens a bench, and closes it whatever happens. */
export const withBench = async <T>(engine: EngineName, seed: number, body: (bench: Bench) => Promise<T>): Promise<T> => {
  const bench = await Bench.open(engine, seed);
  try {
    return await body(bench);
  } finally {
    await bench.close();
  }
};
