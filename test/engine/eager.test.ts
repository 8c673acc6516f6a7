/** What is peculiar to engines that run a step operation by operation. test/engine/engine.test.ts has what all engines promise. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createEngine, EngineUnavailableError } from '../../src/engine/index.js';

describe('an eager engine', () => {
  it('has nothing to describe', async () => {
    const step = await (await createEngine('cpu')).compile('plain', {}, () => ({ y: tf.ones([1]) }));
    expect(step.describe()).toBeNull();
  });

  it('gives results of the type that the tensor has, where the cpu backend does not', async () => {
    const step = await (
      await createEngine('cpu')
    ).compile('types', { at: { shape: [2], dtype: 'int32' } }, ({ at }) => ({
      hot: tf.oneHot(at, 2, 3, -1, 'int32'),
      none: tf.concat([tf.zeros([0]), tf.zeros([0])]),
    }));
    const { hot, none } = await step.run({ at: Int32Array.of(1, 0) });
    expect(hot).toEqual(Int32Array.of(-1, 3, 3, -1));
    expect(none).toEqual(new Float32Array(0));
  });

  it('puts back what a step assigned that failed, where it waits for commit', async () => {
    const engine = await createEngine('cpu');
    const variable = engine.variable(Float32Array.of(1), [1]);
    const before = tf.memory().numTensors;
    const step = await engine.compile(
      'failing',
      {},
      () => {
        variable.assign(tf.add(variable, 1));
        throw new Error('half way');
      },
      { confirm: true },
    );
    await expect(step.run({})).rejects.toThrow('half way');
    expect(engine.read(variable)).toEqual(Float32Array.of(1));
    await step.dispose();
    expect(tf.memory().numTensors).toBe(before);
    variable.dispose();
  });

  it('does not move the state that an optimizer makes before the step is confirmed', async () => {
    for (const name of ['cpu', 'onnx'] as const) {
      const engine = await createEngine(name);
      const variable = engine.variable(Float32Array.of(1), [1]);
      const known = new Set(Object.values(tf.engine().registeredVariables));
      const optimizer = tf.train.momentum(0.1, 0.9);
      const step = await engine.compile(
        'momentum',
        {},
        () => ({ loss: optimizer.minimize(() => tf.sum(tf.square(variable)), true, [variable]) ?? tf.scalar(0) }),
        { confirm: true },
      );
      await step.run({});
      const slots = Object.values(tf.engine().registeredVariables).filter((other) => !known.has(other));
      const state = (): readonly number[] => [variable, ...slots].map((each) => engine.read(each)[0] ?? NaN);
      expect(state()).toEqual([1, 0]);
      step.commit();
      expect(state().map((value) => Math.round(value * 100) / 100)).toEqual([0.8, 2]);
      await step.dispose();
      slots.forEach((slot) => {
        slot.dispose();
      });
      variable.dispose();
    }
  });

  it('says that it is not available where it is not', async () => {
    // Its optional dependency is not installed here; where it is, it starts.
    const result: unknown = await createEngine('tensorflow').catch((error: unknown) => error);
    if (result instanceof Error) {
      expect(result).toBeInstanceOf(EngineUnavailableError);
      expect(result.message).toContain('tensorflow');
    }
  });
});
