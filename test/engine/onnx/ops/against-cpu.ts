/** Runs one function of tensors on the onnx engine and on the cpu backend, and compares values and gradients. */
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { createEngine, type Engine, type EngineName, type InputSpec, type StepArray } from '../../../../src/engine/index.js';

export interface Operand {
  readonly shape: readonly number[];
  readonly dtype?: InputSpec['dtype'];
  readonly values: readonly number[];
}

export interface Comparison {
  /** Also compares d sum(weights * f) / d operand, for every float32 operand. Default true. */
  readonly gradient?: boolean;
  /** |onnx - cpu| <= tolerance * (1 + |cpu|). Default 1e-5. */
  readonly tolerance?: number;
}

const engines = new Map<EngineName, Promise<Engine>>();
export const engine = (name: EngineName): Promise<Engine> => {
  const known = engines.get(name) ?? createEngine(name);
  engines.set(name, known);
  return known;
};

const arrayOf = ({ dtype, values }: Operand): StepArray =>
  dtype === 'int32' ? Int32Array.from(values) : dtype === 'bool' ? Uint8Array.from(values) : Float32Array.from(values);

type Results = Readonly<Record<string, StepArray>>;

const runOn = async (
  name: EngineName,
  f: (...operands: tf.Tensor[]) => tf.Tensor,
  operands: readonly Operand[],
  gradient: boolean,
): Promise<Results> => {
  const inputs = Object.fromEntries(operands.map(({ shape, dtype }, i) => [`x${String(i)}`, { shape, dtype: dtype ?? 'float32' }]));
  const step = await (
    await engine(name)
  ).compile('test', inputs, (placed) => {
    const tensors = operands.map((_, i) => placed[`x${String(i)}`] as tf.Tensor);
    const value = f(...tensors);
    const results: Record<string, tf.Tensor> = { value };
    if (!gradient) return results;
    const floats = operands.flatMap((operand, i) => ((operand.dtype ?? 'float32') === 'float32' ? [i] : []));
    // Weights that differ from element to element, so that a transposed or shifted gradient cannot hide.
    const weights = tf.tensor(
      Float32Array.from({ length: value.size }, (_, i) => Math.sin(1 + i)),
      value.shape,
    );
    const objective = (...wanted: tf.Tensor[]): tf.Scalar =>
      tf.sum(tf.mul(tf.cast(f(...tensors.map((tensor, i) => wanted[floats.indexOf(i)] ?? tensor)), 'float32'), weights));
    const gradients = tf.grads(objective)(floats.map((i) => tensors[i] as tf.Tensor));
    gradients.forEach((value, i) => (results[`gradient of x${String(floats[i])}`] = value));
    return results;
  });
  const feeds = Object.fromEntries(operands.map((operand, i) => [`x${String(i)}`, arrayOf(operand)]));
  const results = await step.run(feeds);
  const copies = Object.fromEntries(Object.entries(results).map(([key, array]) => [key, array.slice()]));
  await step.dispose();
  return copies;
};

/** Fails with the first element that differs. NaN equals NaN; infinities must agree in sign. */
export const expectSameAsCpu = async (
  f: (...operands: tf.Tensor[]) => tf.Tensor,
  operands: readonly Operand[],
  { gradient = true, tolerance = 1e-5 }: Comparison = {},
): Promise<void> => {
  const expected = await runOn('cpu', f, operands, gradient);
  const actual = await runOn('onnx', f, operands, gradient);
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, wanted] of Object.entries(expected)) {
    const got = actual[name];
    expect(got?.constructor, name).toBe(wanted.constructor);
    expect(got?.length, `${name}: number of elements`).toBe(wanted.length);
    wanted.forEach((want: number, i: number) => {
      const have = got?.[i] ?? NaN;
      const same =
        Object.is(want, have) ||
        want === have ||
        (Number.isNaN(want) && Number.isNaN(have)) ||
        Math.abs(want - have) <= tolerance * (1 + Math.abs(want));
      expect(same, `${name}[${String(i)}] of operands ${JSON.stringify(operands)}: cpu ${String(want)}, onnx ${String(have)}`).toBe(true);
    });
  }
};
