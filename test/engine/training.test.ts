/** TensorFlow.js's own optimizers inside a step: the same numbers on every engine. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEngine, hostTensor, type Engine, type EngineName, type StepArray } from '../../src/engine/index.js';

const [rows, inputs, hidden] = [8, 4, 6];
/** Numbers that look random and are the same on every engine. */
const numbers = (size: number, seed: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed));

const registered = (): readonly tf.Variable[] => Object.values(tf.engine().registeredVariables);

interface Trained {
  readonly losses: readonly number[];
  readonly weights: readonly StepArray[];
  readonly slots: readonly StepArray[];
}

const train = async (name: EngineName, makeOptimizer: () => tf.Optimizer, numSteps = 20): Promise<Trained> => {
  const engine: Engine = await createEngine(name);
  const variables = [
    engine.variable(numbers(inputs * hidden, 1), [inputs, hidden]),
    engine.variable(new Float32Array(hidden), [hidden]),
    engine.variable(numbers(hidden, 2), [hidden, 1]),
  ] as const;
  const [weights, bias, readout] = variables;
  const known = new Set(registered());
  const optimizer = makeOptimizer();
  const step = await engine.compile('train', { x: { shape: [rows, inputs], dtype: 'float32' } }, ({ x }) => {
    const noisy = tf.add(
      x,
      hostTensor('noise', [rows, inputs], (out, tick) => out.set(numbers(out.length, tick).map((value) => value / 10))),
    );
    const loss = (): tf.Scalar =>
      tf.mean(tf.square(tf.sub(tf.matMul(tf.tanh(tf.add(tf.matMul(noisy, weights), bias)), readout), tf.sum(x, 1, true))));
    const value = optimizer.minimize(loss, true, [...variables]);
    return { loss: value ?? tf.scalar(NaN) };
  });
  const losses: number[] = [];
  for (let tick = 1; tick <= numSteps; tick++)
    losses.push((await step.run({ x: numbers(rows * inputs, tick + 10) }, tick))['loss']?.[0] ?? NaN);
  const result = {
    losses,
    weights: variables.map((variable) => engine.read(variable)),
    slots: registered()
      .filter((variable) => !known.has(variable))
      .map((variable) => engine.read(variable)),
  };
  await step.dispose();
  for (const variable of registered()) if (!known.has(variable)) variable.dispose();
  variables.forEach((variable) => {
    variable.dispose();
  });
  return result;
};

const expectClose = (actual: readonly number[], expected: readonly number[]): void => {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - (expected[i] ?? NaN))).toBeLessThan(1e-4 * (1 + Math.abs(value)));
  });
};

const optimizers: Readonly<Record<string, { readonly make: () => tf.Optimizer; readonly numSlots: number }>> = {
  sgd: { make: () => tf.train.sgd(0.05), numSlots: 0 },
  momentum: { make: () => tf.train.momentum(0.02, 0.9), numSlots: 3 },
  'momentum by Nesterov': { make: () => tf.train.momentum(0.02, 0.9, true), numSlots: 3 },
  rmsprop: { make: () => tf.train.rmsprop(0.01, 0.9, 0.5), numSlots: 6 },
  'centred rmsprop': { make: () => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-6, true), numSlots: 9 },
  // And the two powers of its betas.
  adam: { make: () => tf.train.adam(0.02), numSlots: 8 },
  adamax: { make: () => tf.train.adamax(0.02), numSlots: 8 },
  adagrad: { make: () => tf.train.adagrad(0.05), numSlots: 3 },
  adadelta: { make: () => tf.train.adadelta(0.01), numSlots: 6 },
};

describe('an optimizer of TensorFlow.js inside a step', () => {
  it.each(Object.entries(optimizers))('%s takes the same 20 steps on onnx as on cpu', async (_, { make, numSlots }) => {
    const expected = await train('cpu', make);
    const actual = await train('onnx', make);
    expect(expected.losses.at(-1)).toBeLessThan(expected.losses[0] ?? 0);
    expectClose(actual.losses, expected.losses);
    expect(actual.slots.length).toBe(numSlots);
    for (const part of ['weights', 'slots'] as const) {
      actual[part].forEach((values, i) => {
        expectClose([...values], [...(expected[part][i] ?? [])]);
      });
    }
  });

  it('gives the same numbers on cpu, wasm and onnx', async () => {
    const cpu = await train('cpu', () => tf.train.adam(0.02));
    const wasm = await train('wasm', () => tf.train.adam(0.02));
    const onnx = await train('onnx', () => tf.train.adam(0.02));
    expectClose(wasm.losses, cpu.losses);
    expectClose(onnx.losses, cpu.losses);
  });

  it('gives bit by bit the same numbers when it is run twice on onnx', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('adam', 'momentum'), async (name) => {
        const { make } = optimizers[name] ?? {};
        if (!make) throw new Error(`no optimizer ${name}`);
        expect(await train('onnx', make, 5)).toEqual(await train('onnx', make, 5));
      }),
      { numRuns: 2 },
    );
  });
});
