/** What every engine promises about variables, onnx as well as those that run step by step. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEngine, type Engine, type StepArray } from '../../src/engine/index.js';

const vector = { shape: [3], dtype: 'float32' } as const;
const floats = (...values: number[]): Float32Array => Float32Array.from(values);

/** Copies, as the arrays of a result are written to again. */
const copied = (results: Readonly<Record<string, StepArray>>): Record<string, StepArray> =>
  Object.fromEntries(Object.entries(results).map(([name, array]) => [name, array.slice()]));

describe.each(['onnx', 'cpu', 'wasm'] as const)('variables of the engine %s', (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine(name);
  });

  it('makes, reads and writes variables of every type, by copy', () => {
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
    const [a, b, c, d] = [1, 2, 3, 4].map((value) => engine.variable(floats(value, value, value), [3])) as [
      tf.Variable,
      tf.Variable,
      tf.Variable,
      tf.Variable,
    ];
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
    expect([a, b, c, d].map((variable) => engine.read(variable))).toEqual([
      floats(1, 2, 3),
      floats(1, 1, 1),
      floats(-2, -4, -6),
      floats(1, 2, 3),
    ]);
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
});
