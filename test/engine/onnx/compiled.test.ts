/** What is peculiar to compiled steps: buffers that are used again, and memory that stays as it is. test/engine/engine.test.ts has what all engines promise. */
import * as tf from '@tensorflow/tfjs-core';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEngine, hostTensor, type Engine } from '../../../src/engine/index.js';

describe('a compiled step', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine('onnx', { threads: 1 });
  });

  it('writes its results into the same arrays each time', async () => {
    const step = await engine.compile('same', { x: { shape: [2], dtype: 'float32' } }, ({ x }) => ({ y: tf.neg(x) }));
    const first = await step.run({ x: Float32Array.of(1, 2) });
    const array = first['y'];
    expect(array).toEqual(Float32Array.of(-1, -2));
    expect((await step.run({ x: Float32Array.of(3, 4) }))['y']).toBe(array);
    expect(array).toEqual(Float32Array.of(-3, -4));
    await step.dispose();
  });

  it('reads an input array that was filled again', async () => {
    const step = await engine.compile('refilled', { x: { shape: [2], dtype: 'float32' } }, ({ x }) => ({ y: tf.neg(x) }));
    const x = Float32Array.of(1, 2);
    await step.run({ x });
    x.set([3, 4]);
    expect((await step.run({ x }))['y']).toEqual(Float32Array.of(-3, -4));
    await step.dispose();
  });

  it('describes itself', async () => {
    const step = await engine.compile('described', { x: { shape: [2, 3], dtype: 'float32' } }, ({ x }) => ({
      y: tf.matMul(x, tf.ones([3, 1])),
    }));
    expect(step.describe()).toContain('input  input_x: float32[2,3]');
    expect(step.describe()).toMatch(/output_y: float32\[2,1\] = Gemm\(input_x, /);
    await step.dispose();
  });

  it('cannot run once it is disposed of', async () => {
    const step = await engine.compile('gone', { x: { shape: [1], dtype: 'float32' } }, ({ x }) => ({ y: tf.neg(x) }));
    await step.dispose();
    await expect(step.run({ x: Float32Array.of(1) })).rejects.toThrow('disposed');
  });

  it('fails where a variable that it needs is gone', async () => {
    const variable = engine.variable(Float32Array.of(1), [1]);
    const step = await engine.compile('orphan', {}, () => ({ y: tf.neg(variable) }));
    variable.dispose();
    await expect(step.run({})).rejects.toMatchObject({ code: 'foreign-tensor' });
    await step.dispose();
  });

  it('is disposed of with its engine, whose variables outlive it', async () => {
    const second = await createEngine('onnx');
    const variable = second.variable(Float32Array.of(1, 2), [2]);
    const step = await second.compile('doubled', {}, () => {
      variable.assign(tf.mul(variable, 2));
      return {};
    });
    await step.run({});
    await step.dispose();
    await second.dispose();
    await expect(step.run({})).rejects.toThrow('disposed');
    expect(engine.read(variable)).toEqual(Float32Array.of(2, 4));
    variable.dispose();
  });

  it('takes turns with the steps of another engine in one process', async () => {
    const other = await createEngine('cpu');
    const engines = [engine, other, await createEngine('wasm')];
    const steps = engines.map((own) => ({ own, variable: own.variable(Float32Array.of(1, 2), [2]) }));
    const compiled = [];
    for (const { own, variable } of steps) {
      const step = await own.compile('turn', { x: { shape: [2], dtype: 'float32' } }, ({ x }) => {
        variable.assign(tf.add(variable, x));
        return { sum: tf.sum(variable) };
      });
      compiled.push({ own, variable, step });
    }
    for (let turn = 1; turn <= 3; turn++) {
      for (const { own, variable, step } of compiled) {
        expect((await step.run({ x: Float32Array.of(1, 10) }))['sum']?.[0]).toBe(3 + 11 * turn);
        expect(own.read(variable)).toEqual(Float32Array.of(1 + turn, 2 + 10 * turn));
      }
    }
    for (const { own, variable } of compiled) own.write(variable, Float32Array.of(0, 0));
    for (const { step, variable } of compiled) {
      expect((await step.run({ x: Float32Array.of(1, 1) }))['sum']?.[0]).toBe(2);
      await step.dispose();
      variable.dispose();
    }
  });

  it('waits for commit beside engines whose variables it must not touch', async () => {
    const mine = engine.variable(Float32Array.of(1), [1]);
    const cpu = await createEngine('cpu');
    const other = cpu.variable(Float32Array.of(5), [1]);
    const step = await cpu.compile(
      'careful',
      {},
      () => {
        other.assign(tf.add(other, 1));
        return {};
      },
      { confirm: true },
    );
    await step.run({});
    expect(cpu.read(other)).toEqual(Float32Array.of(5));
    step.commit();
    expect(cpu.read(other)).toEqual(Float32Array.of(6));
    const increment = await engine.compile('increment', {}, () => {
      mine.assign(tf.add(mine, 1));
      return {};
    });
    await increment.run({});
    expect(engine.read(mine)).toEqual(Float32Array.of(2));
    await step.dispose();
    await increment.dispose();
    mine.dispose();
    other.dispose();
  });

  it('leaves the resident size of the process as it is over 2,000 runs', async () => {
    const [rows, inputs, hidden] = [32, 128, 64];
    const fill = (size: number): Float32Array => Float32Array.from({ length: size }, (_, i) => Math.sin(i) / 8);
    const weights = [
      engine.variable(fill(inputs * hidden), [inputs, hidden]),
      engine.variable(fill(hidden * inputs), [hidden, inputs]),
    ] as const;
    const optimizer = tf.train.adam(1e-3);
    const step = await engine.compile('autoencoder', { x: { shape: [rows, inputs], dtype: 'float32' } }, ({ x }) => {
      const noisy = tf.add(
        x,
        hostTensor('noise', [rows, inputs], (out, tick) => out.fill((tick % 7) / 100)),
      );
      const loss = (): tf.Scalar => tf.mean(tf.square(tf.sub(tf.matMul(tf.relu(tf.matMul(noisy, weights[0])), weights[1]), x)));
      return { loss: optimizer.minimize(loss, true, [...weights]) ?? tf.scalar(0) };
    });
    const tensors = tf.memory().numTensors;
    // Nothing is left to be collected when the size is read.
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const settle = async (numRuns: number): Promise<number> => {
      for (let tick = 0; tick < numRuns; tick++) await step.run({ x: fill(rows * inputs) }, tick);
      collect();
      return process.memoryUsage().rss / 2 ** 20;
    };
    await settle(300);
    const before = await settle(100);
    const after = await settle(2000);
    // 16 kB leaked per run, one input, would be 32 MiB.
    expect(after - before).toBeLessThan(8);
    expect(tf.memory().numTensors).toBe(tensors);
    await step.dispose();
  });
});
