/** What every engine promises, onnx as well as those that run step by step. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEngine, hostTensor, type Engine, type StepArray, TraceError } from '../../src/engine/index.js';

const vector = { shape: [3], dtype: 'float32' } as const;
const floats = (...values: number[]): Float32Array => Float32Array.from(values);

/** Copies, as the arrays of a result are written to again. */
const copied = (results: Readonly<Record<string, StepArray>>): Record<string, StepArray> => Object.fromEntries(Object.entries(results).map(([name, array]) => [name, array.slice()]));

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
    const step = await engine.compile('sum', { a: vector, b: { shape: [], dtype: 'int32' } }, ({ a, b }) => ({ sum: tf.add(a, tf.cast(b, 'float32')), count: tf.add(b, tf.scalar(1, 'int32')) }));
    expect(copied(await step.run({ a: floats(1, 2, 3), b: Int32Array.of(10) }))).toEqual({ sum: floats(11, 12, 13), count: Int32Array.of(11) });
    expect(copied(await step.run({ a: floats(0, 0, 1), b: Int32Array.of(-1) }))).toEqual({ sum: floats(-1, -1, 0), count: Int32Array.of(0) });
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
      return { x, again: x, constant: tf.tensor1d([1, 2]), zeros: tf.zeros([2]), flag: tf.scalar(true), variable, double, twice: double, empty: tf.zeros([0, 2]) };
    });
    for (const _ of [1, 2]) {
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

  it('makes, reads and writes variables of every type, by copy', async () => {
    for (const values of [floats(1, 2, 3), Int32Array.of(1, 2, 3), Uint8Array.of(1, 0, 1)]) {
      const given = values.slice();
      const variable = engine.variable(given, [3]);
      given[0] = 0;
      const read = engine.read(variable);
      expect(read).toEqual(values);
      read[1] = 9;
      expect(engine.read(variable)).toEqual(values);
      const next = values.slice().reverse();
      engine.write(variable, next);
      next[0] = 5;
      expect(engine.read(variable)).toEqual(values.slice().reverse());
      expect(() => {
        engine.write(variable, values.slice(1));
      }).toThrow();
      variable.dispose();
    }
  });

  it('sees what was written between two runs', async () => {
    const variable = engine.variable(floats(1), [1]);
    const step = await engine.compile('double', {}, () => {
      variable.assign(tf.mul(variable, 2));
      return { variable };
    });
    await step.run({});
    await step.run({});
    engine.write(variable, floats(10));
    expect(copied(await step.run({}))).toEqual({ variable: floats(20) });
    expect(engine.read(variable)).toEqual(floats(20));
    await step.dispose();
    variable.dispose();
  });

  it('swaps two variables', async () => {
    const [a, b] = [engine.variable(floats(1, 2), [2]), engine.variable(floats(3, 4), [2])];
    const step = await engine.compile('swap', {}, () => {
      const old = tf.clone(a);
      a.assign(b);
      b.assign(old);
      return {};
    });
    for (let run = 1; run <= 3; run++) {
      await step.run({});
      expect([engine.read(a), engine.read(b)]).toEqual(run % 2 === 1 ? [floats(3, 4), floats(1, 2)] : [floats(1, 2), floats(3, 4)]);
    }
    await step.dispose();
    a.dispose();
    b.dispose();
  });

  it('assigns an input, a constant, another variable, and the last of two values', async () => {
    const [a, b, c, d] = [1, 2, 3, 4].map((value) => engine.variable(floats(value, value, value), [3])) as [tf.Variable, tf.Variable, tf.Variable, tf.Variable];
    const step = await engine.compile('assign', { x: vector }, ({ x }) => {
      a.assign(x);
      b.assign(tf.ones([3]));
      c.assign(tf.neg(x));
      const between = tf.add(c, 1);
      c.assign(tf.mul(c, 2));
      d.assign(a);
      return { between };
    });
    const feed = floats(1, 2, 3);
    expect(copied(await step.run({ x: feed }))).toEqual({ between: floats(0, -1, -2) });
    // What was assigned is no longer the caller's array.
    feed.fill(0);
    expect([a, b, c, d].map((variable) => engine.read(variable))).toEqual([floats(1, 2, 3), floats(1, 1, 1), floats(-2, -4, -6), floats(1, 2, 3)]);
    await step.dispose();
    [a, b, c, d].forEach((variable) => variable.dispose());
  });

  it('keeps variables apart that were assigned to one another outside of steps', async () => {
    const [source, target] = [engine.variable(floats(1), [1]), engine.variable(floats(2), [1])];
    const grow = await engine.compile('grow', {}, () => {
      source.assign(tf.add(source, 1));
      return {};
    });
    const both = await engine.compile('both', {}, () => ({ source, target }));
    await grow.run({});
    target.assign(source);
    expect(copied(await both.run({}))).toEqual({ source: floats(2), target: floats(2) });
    await grow.run({});
    await grow.run({});
    expect(copied(await both.run({}))).toEqual({ source: floats(4), target: floats(2) });
    await grow.dispose();
    await both.dispose();
    source.dispose();
    target.dispose();
  });

  it('shares variables between steps', async () => {
    const weights = engine.variable(floats(1, 1, 1), [3]);
    const train = await engine.compile('train', { x: vector }, ({ x }) => {
      weights.assign(tf.sub(weights, x));
      return {};
    });
    const reset = await engine.compile('reset', {}, () => {
      weights.assign(tf.ones([3]));
      return {};
    });
    const evaluate = await engine.compile('evaluate', {}, () => ({ sum: tf.sum(weights) }));
    const sum = async (): Promise<StepArray | undefined> => copied(await evaluate.run({}))['sum'];
    await train.run({ x: floats(1, 2, 3) });
    expect(await sum()).toEqual(floats(-3));
    await train.run({ x: floats(1, 2, 3) });
    expect(await sum()).toEqual(floats(-9));
    await reset.run({});
    await train.run({ x: floats(0, 0, 1) });
    expect(await sum()).toEqual(floats(2));
    for (const step of [train, reset, evaluate]) await step.dispose();
    weights.dispose();
  });

  it('changes nothing before it is told to, where it was asked to wait', async () => {
    const [weights, counter] = [engine.variable(floats(1, 2), [2]), engine.variable(Int32Array.of(0), [])];
    const step = await engine.compile(
      'careful',
      { x: { shape: [], dtype: 'float32' } },
      ({ x }) => {
        counter.assign(tf.add(counter, tf.scalar(1, 'int32')));
        weights.assign(tf.mul(weights, x));
        return { sum: tf.sum(weights) };
      },
      { confirm: true },
    );
    const state = (): readonly StepArray[] => [engine.read(weights), engine.read(counter)];
    expect(copied(await step.run({ x: floats(10) }))).toEqual({ sum: floats(30) });
    expect(state()).toEqual([floats(1, 2), Int32Array.of(0)]);
    // Another run starts from the old values, and forgets what the first would have assigned.
    expect(copied(await step.run({ x: floats(2) }))).toEqual({ sum: floats(6) });
    step.commit();
    expect(state()).toEqual([floats(2, 4), Int32Array.of(1)]);
    step.commit();
    expect(state()).toEqual([floats(2, 4), Int32Array.of(1)]);
    await step.run({ x: floats(0.5) });
    step.commit();
    expect(state()).toEqual([floats(1, 2), Int32Array.of(2)]);
    await step.dispose();
    weights.dispose();
    counter.dispose();
  });

  it('fills host tensors before each run, with its tick', async () => {
    const arrays = new Set<Float32Array>();
    const step = await engine.compile('noisy', { x: vector }, ({ x }) => ({
      y: tf.add(x, hostTensor('tick', [3], (out, tick) => arrays.add(out.fill(tick)))),
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
      const loss = (): tf.Scalar => tf.mean(tf.square(tf.sub(variable, tf.add(x, hostTensor('noise', [3], (out) => out.fill(1))))));
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
