/**
 * Gradients held against finite differences. All outputs become one number, a sum with random weights, so that none of them can hide;
 * each variable is then moved along a random direction of its own, and what the number does is compared with what its gradient says.
 * A piecewise linear function has kinks: of several steps the one that agrees best counts.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NamedVariable } from '../runner/train/variables.js';
import type { Bench, Feeds, Numbers, Step, Tensors } from './bench.js';
import { normalValues } from './values.js';

const steps = [0.08, 0.02, 0.005, 0.0015];
const tolerance = 0.02;
/** Rounding of float32, with what sums of some hundred values add to it. */
const rounding = 2e-6;

const rms = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length));

/** One number of all float outputs, each scaled to about 1. */
const contract = (outputs: Tensors, first: Numbers): tf.Scalar => {
  const parts = Object.entries(outputs)
    .filter(([, tensor]) => tensor.dtype === 'float32' && tensor.size > 0)
    .map(([name, tensor]) => {
      const scale = (rms(first[name] ?? []) + 1e-3) * Math.sqrt(tensor.size);
      const weights = normalValues(`weights of ${name}`, tensor.size).map((value) => value / scale);
      return tf.sum(tf.mul(tensor, tf.tensor(weights, tensor.shape)));
    });
  return tf.reshape<tf.Rank.R0>(
    parts.reduce<tf.Tensor>((sum, part) => tf.add(sum, part), tf.scalar(0)),
    [],
  );
};

/** (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h */
const slope = async (f: (offset: number) => Promise<number>, h: number): Promise<number> =>
  (8 * ((await f(h)) - (await f(-h))) - ((await f(2 * h)) - (await f(-2 * h)))) / (12 * h);

const unitDirection = (path: string, size: number): Float32Array => {
  const direction = normalValues(`direction of ${path}`, size);
  const length = Math.hypot(...direction);
  return direction.map((value) => value / length);
};

export interface GradientFaults {
  /** Variables that nothing depends on. */
  readonly unreached: readonly string[];
  /** The first that disagrees, with both numbers; null where none does. */
  readonly disagreement: string | null;
}

/** For a bench whose steps run eagerly; the variables are as before afterwards. */
export const compareGradients = async (
  bench: Bench,
  feeds: Feeds,
  training: boolean,
  step: Step,
  variables: readonly NamedVariable[],
): Promise<GradientFaults> => {
  const first = await bench.run(feeds, training, step);
  const value = await bench.compile(feeds, training, (inputs, pass) => ({ value: contract(step(inputs, pass), first) }));
  const gradients = await bench.run(feeds, training, (inputs, pass) => {
    const { grads } = tf.variableGrads(
      () => contract(step(inputs, pass), first),
      variables.map(({ variable }) => variable),
    );
    return Object.fromEntries(variables.map(({ path, variable }) => [path, grads[variable.name] ?? tf.zerosLike(variable)]));
  });
  const size = Math.abs((await value())['value']?.[0] ?? 0);
  const unreached: string[] = [];
  let disagreement: string | null = null;
  for (const { path, variable } of variables) {
    const gradient = gradients[path] ?? [];
    const isReached = gradient.some((each) => each !== 0);
    if (!isReached) unreached.push(path);
    const original = Float32Array.from(bench.engine.read(variable));
    const direction = unitDirection(path, original.length);
    const at = async (offset: number): Promise<number> => {
      bench.engine.write(
        variable,
        original.map((each, i) => each + offset * (direction[i] ?? 0)),
      );
      return (await value())['value']?.[0] ?? Number.NaN;
    };
    const claimed = gradient.reduce((sum, each, i) => sum + each * (direction[i] ?? 0), 0);
    const measured: number[] = [];
    let agrees = false;
    for (const h of steps) {
      const found = await slope(at, h);
      measured.push(found);
      agrees ||= Math.abs(found - claimed) <= tolerance * Math.abs(claimed) + (rounding * (1 + size)) / h;
    }
    bench.engine.write(variable, original);
    if (!agrees)
      disagreement ??= `by ${path} the gradient says ${claimed.toPrecision(4)}, and differences say ${(measured.at(-1) ?? Number.NaN).toPrecision(4)}`;
  }
  return { unreached, disagreement };
};
