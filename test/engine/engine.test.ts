/** What every engine promises, onnx as well as those that run step by step. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEngine, hostTensor, type Engine, type StepArray, TraceError } from '../../src/engine/index.js';

const vector = { shape: [3], dtype: 'float32' } as const;
const floats = (...values: number[]): Float32Array => Float32Array.from(values);

/** Copies, as the arrays of a result are written to again. */
const copied = (results: Readonly<Record<string, StepArray>>): Record<string, StepArray> =>
  Object.fromEntries(Object.entries(results).map(([name, array]) => [name, array.slice()]));

describe.each(['onnx', 'cpu', 'wasm'] as const)('the engine %s', (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine(name);
  });

  const failure = async (run: () => Promise<unknown>): Promise<string> =>
    run().then(
      () => 'none',
      (error: unknown) => (error instanceof TraceError ? error.code : String(error)),
    );

  it('says who it is', () => {
    expect(engine.name).toBe(name);
    expect(engine.version).toMatch(/\d+\.\d+/);
  });

  it('runs a step again and again with other inputs', async () => {
    const step = await engine.compile('sum', { a: vector, b: { shape: [], dtype: 'int32' } }, ({ a, b }) => ({
      sum: tf.add(a, tf.cast(b, 'float32')),
      count: tf.add(b, tf.scalar(1, 'int32')),
    }));
    expect(copied(await step.run({ a: floats(1, 2, 3), b: Int32Array.of(10) }))).toEqual({
      sum: floats(11, 12, 13),
      count: Int32Array.of(11),
    });
    expect(copied(await step.run({ a: floats(0, 0, 1), b: Int32Array.of(-1) }))).toEqual({
      sum: floats(-1, -1, 0),
      count: Int32Array.of(0),
    });
    await step.dispose();
  });

  it.each([
    ['too short an input', { x: floats(1, 2) }, 'input-shape'],
    ['no input', {}, 'input-shape'],
    ['whole numbers for floats', { x: Int32Array.of(1, 2, 3) }, 'input-shape'],
    ['an input that the step has not', { x: floats(1, 2, 3), y: floats(1) }, 'unknown-input'],
  ])('refuses %s', async (_, feeds, code) => {
    const step = await engine.compile('negative', { x: vector }, ({ x }) => ({ y: tf.neg(x) }));
    expect(await failure(() => step.run(feeds as { x: Float32Array }))).toBe(code);
    await step.dispose();
  });

  it('lets an input go unused', async () => {
    const step = await engine.compile('half', { a: vector, unused: vector }, ({ a }) => ({ a: tf.neg(a) }));
    expect(copied(await step.run({ a: floats(1, 2, 3), unused: floats(0, 0, 0) }))).toEqual({ a: floats(-1, -2, -3) });
    await step.dispose();
  });

  it('gives back inputs, constants, variables, and the same value twice', async () => {
    const variable = engine.variable(floats(7, 8, 9), [3]);
    const step = await engine.compile('outputs', { x: vector }, ({ x }) => {
      const double = tf.mul(x, 2);
      return {
        x,
        again: x,
        constant: tf.tensor1d([1, 2]),
        zeros: tf.zeros([2]),
        flag: tf.scalar(true),
        variable,
        double,
        twice: double,
        empty: tf.zeros([0, 2]),
      };
    });
    for (let run = 0; run < 2; run++) {
      expect(copied(await step.run({ x: floats(1, 2, 3) }))).toEqual({
        x: floats(1, 2, 3),
        again: floats(1, 2, 3),
        constant: floats(1, 2),
        zeros: floats(0, 0),
        flag: Uint8Array.of(1),
        variable: floats(7, 8, 9),
        double: floats(2, 4, 6),
        twice: floats(2, 4, 6),
        empty: floats(),
      });
    }
    await step.dispose();
    variable.dispose();
  });

  it('runs a step without inputs, without outputs, and with neither', async () => {
    const counter = engine.variable(Int32Array.of(0), []);
    const count = (): void => {
      counter.assign(tf.add(counter, tf.scalar(1, 'int32')));
    };
    const mute = await engine.compile('mute', {}, () => {
      count();
      return {};
    });
    expect(await mute.run({})).toEqual({});
    await mute.run({});
    expect(engine.read(counter)).toEqual(Int32Array.of(2));
    const idle = await engine.compile('idle', {}, () => ({}));
    expect(await idle.run({})).toEqual({});
    await mute.dispose();
    await idle.dispose();
    counter.dispose();
  });

  it('fills host tensors before each run, with its tick', async () => {
    const arrays = new Set<Float32Array>();
    const step = await engine.compile('noisy', { x: vector }, ({ x }) => ({
      y: tf.add(
        x,
        hostTensor('tick', [3], (out, tick) => arrays.add(out.fill(tick))),
      ),
      z: hostTensor('index', [2, 2], (out, tick) => out.set([tick, 1, 2, 3])),
    }));
    const x = floats(1, 2, 3);
    expect(copied(await step.run({ x }))).toEqual({ y: floats(1, 2, 3), z: floats(0, 1, 2, 3) });
    expect(copied(await step.run({ x }, 5))).toEqual({ y: floats(6, 7, 8), z: floats(5, 1, 2, 3) });
    if (name === 'onnx') expect(arrays.size).toBe(1);
    await step.dispose();
  });

  it('is silent about host tensors outside of steps', () => {
    expect(() => hostTensor('stray', [1], () => undefined)).toThrow(TraceError);
  });

  it('may be told twice to dispose of a step', async () => {
    const step = await engine.compile('short-lived', { x: vector }, ({ x }) => ({ y: tf.neg(x) }));
    await step.dispose();
    await step.dispose();
  });

  it('holds no tensor more after compiling and 200 runs', async () => {
    const variable = engine.variable(floats(1, 2, 3), [3]);
    const before = tf.memory().numTensors;
    const step = await engine.compile('steady', { x: vector }, ({ x }) => {
      const loss = (): tf.Scalar =>
        tf.mean(
          tf.square(
            tf.sub(
              variable,
              tf.add(
                x,
                hostTensor('noise', [3], (out) => out.fill(1)),
              ),
            ),
          ),
        );
      const { value, grads } = tf.variableGrads(loss, [variable]);
      const gradient = grads[variable.name];
      if (gradient) variable.assign(tf.sub(variable, tf.mul(gradient, 0.1)));
      return { value };
    });
    expect(tf.memory().numTensors).toBe(before);
    for (let run = 0; run < 200; run++) await step.run({ x: floats(run, 1, 2) });
    expect(tf.memory().numTensors).toBe(before);
    await step.dispose();
    variable.dispose();
    expect(tf.memory().numTensors).toBe(before - 1);
  });
});
