/** Steps of metrics that run many times over a state: each is compiled once, and the host carries the state from run to run. */
import * as tf from '@tensorflow/tfjs-core';
import type { CompiledStep, Engine, InputSpec, InputSpecs, StepArray } from '../../engine/index.js';
import type { Metric, Noise, Offers, Repetition, Shape } from '../../registry/contracts/index.js';
import { prefixNoise } from './noise.js';

/** What the passes of an evaluation are fed. An interface that extends would be an error to compilers that let optional properties be undefined. */
export type PassInputs = InputSpecs & {
  readonly x: InputSpec;
  readonly labels?: InputSpec;
  readonly samples?: InputSpec;
  readonly codes?: InputSpec;
};
export type PlacedInputs = { readonly [Name in keyof PassInputs]: tf.Tensor };

type Tensors = Readonly<Record<string, tf.Tensor>>;

export interface CompiledRepetition {
  readonly repetition: Repetition;
  /** Compiled once, when first asked for. */
  readonly step: () => Promise<CompiledStep<PassInputs>>;
  readonly dispose: () => Promise<void>;
}

const stateInput = (name: string): string => `state.${name}`;
const nowInput = (name: string): string => `now.${name}`;

const specsOf = (shapes: ReadonlyMap<string, Shape>, inputName: (name: string) => string): InputSpecs =>
  Object.fromEntries([...shapes].map(([name, shape]) => [inputName(name), { shape, dtype: 'float32' }]));

/** Inputs of a pass that stand for the state, or for the numbers of a run, under their own names. */
const pick = (placed: Tensors, names: Iterable<string>, inputName: (name: string) => string): Tensors =>
  Object.fromEntries(
    [...names].flatMap((name) => {
      const tensor = placed[inputName(name)];
      return tensor === undefined ? [] : [[name, tensor]];
    }),
  );

/**
 * @param shapes Of the state; what the step adds is written there, for those that follow. Engines that record nothing know of no shape
 *   before something has run: there, compiling waits as well.
 * @param within Opens a pass of the model around the body.
 */
export const compileRepetition = async (
  engine: Engine,
  name: string,
  inputs: PassInputs,
  shapes: Map<string, Shape>,
  repetition: Repetition,
  within: (placed: PlacedInputs, body: (offers: Offers, noise: Noise) => Tensors) => Tensors,
): Promise<CompiledRepetition> => {
  const numbers = Object.keys(repetition.now(0));
  const compile = (): Promise<CompiledStep<PassInputs>> => {
    const known = [...shapes.keys()];
    const specs: PassInputs = {
      ...inputs,
      ...specsOf(shapes, stateInput),
      ...specsOf(new Map(numbers.map((number) => [number, []])), nowInput),
    };
    return engine.compile<PassInputs>(name, specs, (placed) =>
      within(placed, (offers, noise) => {
        const next = repetition.step(offers, pick(placed, known, stateInput), pick(placed, numbers, nowInput), noise);
        for (const [key, { shape }] of Object.entries(next)) shapes.set(key, shape);
        return next;
      }),
    );
  };
  let compiled: Promise<CompiledStep<PassInputs>> | null = null;
  const step = (): Promise<CompiledStep<PassInputs>> => (compiled ??= compile());
  if (shapes.size > 0) await step();
  return { repetition, step, dispose: async () => (await compiled)?.dispose() };
};

/** The state of a batch after all runs; `state` is left as it is. */
export const runRepetition = async (
  { repetition, step }: CompiledRepetition,
  feeds: Readonly<Record<string, StepArray>> & { readonly x: StepArray },
  state: Readonly<Record<string, Float32Array>>,
  batch: number,
): Promise<Readonly<Record<string, Float32Array>>> => {
  // What a run gives is copied into the next one's feeds: a step may not read what it is writing.
  const current = new Map(Object.entries(state).map(([name, values]) => [name, values.slice()]));
  const isRead = new Set(current.keys());
  const compiled = await step();
  for (let run = 0; run < repetition.runs; run++) {
    const given: Record<string, StepArray> = {};
    for (const [name, value] of Object.entries(repetition.now(run))) given[nowInput(name)] = Float32Array.of(value);
    for (const [name, values] of current) if (isRead.has(name)) given[stateInput(name)] = values;
    const next = await compiled.run({ ...feeds, ...given }, batch * repetition.runs + run);
    for (const [name, values] of Object.entries(next)) {
      if (!(values instanceof Float32Array)) continue;
      const kept = current.get(name);
      if (kept === undefined) current.set(name, values.slice());
      else kept.set(values);
    }
  }
  return Object.fromEntries(current);
};

/** What a metric measures with at most `mostRuns` of each repetition, in one graph: for a look at what they do. */
export const measureUnrolled = (metric: Metric, offers: Offers, noise: Noise, mostRuns: number): Tensors => {
  let state = metric.measure(offers, noise);
  for (const [i, repetition] of (metric.repetitions ?? []).entries())
    for (let run = 0; run < Math.min(repetition.runs, mostRuns); run++) {
      const now = Object.fromEntries(Object.entries(repetition.now(run)).map(([name, value]) => [name, tf.scalar(value)]));
      state = { ...state, ...repetition.step(offers, state, now, prefixNoise(noise, `${String(i)}-${String(run)}`)) };
    }
  return state;
};
