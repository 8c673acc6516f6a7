/** What a step must not do, and what is said about it. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEngine, hostTensor, TraceError, withLabel, type Engine } from '../../../src/engine/index.js';

const square = { shape: [2, 2], dtype: 'float32' } as const;

describe('recording a step', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine('onnx');
    tf.variable(variable(), true, 'known to the test');
  });

  const failureOf = async (step: (x: tf.Tensor) => unknown): Promise<TraceError> => {
    const result: unknown = await engine
      .compile('bad', { x: square }, ({ x }) => ({ y: step(x) as tf.Tensor }))
      .then(
        () => null,
        (error: unknown) => error,
      );
    if (!(result instanceof TraceError)) throw new Error(`expected a TraceError and got ${String(result)}`);
    return result;
  };

  const label = (step: (x: tf.Tensor) => unknown) => (x: tf.Tensor) => withLabel('loss "kl"', () => withLabel('encoder', () => step(x)));

  const existing = (): tf.Variable | undefined => tf.engine().registeredVariables['known to the test'];
  const variable = (): tf.Variable => engine.variable(Float32Array.of(1, 2, 3, 4), [2, 2]);

  const mistakes: readonly (readonly [string, (x: tf.Tensor) => unknown, TraceError['code']])[] = [
    ['reads a value', (x) => tf.tensor(x.dataSync()), 'value-read'],
    ['branches on a value', (x) => ((tf.sum(x).arraySync() as number) > 0 ? x : tf.neg(x)), 'value-read'],
    ['prints', (x) => tf.print(x), 'value-read'],
    ['reads a variable', () => tf.scalar(existing()?.dataSync()[0] ?? 0), 'value-read'],
    ['answers with a promise', (x) => tf.booleanMaskAsync(x, tf.greater(x, 0)), 'value-read'],
    ['draws normal noise', (x) => tf.add(x, tf.randomNormal([2, 2])), 'frozen-randomness'],
    ['draws uniform noise', (x) => tf.add(x, tf.randomUniform([2, 2])), 'frozen-randomness'],
    ['drops at random', (x) => tf.dropout(x, 0.5), 'frozen-randomness'],
    ['draws a number of JavaScript', (x) => tf.mul(x, tf.scalar(Math.random())), 'frozen-randomness'],
    ['fills with a number of JavaScript', (x) => tf.mul(x, tf.fill([2, 2], Math.random())), 'frozen-randomness'],
    ['slopes by a number of JavaScript', (x) => tf.leakyRelu(x, Math.random()), 'frozen-randomness'],
    ['transforms', (x) => tf.spectral.fft(tf.complex(x, x)), 'unmapped-kernel'],
    [
      'crops',
      (x) => tf.image.cropAndResize(tf.reshape(x, [1, 2, 2, 1]), tf.zeros([1, 4]), tf.zeros([1], 'int32'), [2, 2]),
      'unmapped-kernel',
    ],
    ['asks which elements are unique', (x) => tf.unique(tf.reshape(x, [4])).values, 'unmapped-kernel'],
    ['makes text', () => tf.tensor(['a']), 'unsupported-arguments'],
    ['makes a variable of what it computes', (x) => tf.variable(tf.neg(x)), 'state-from-step'],
    ['makes a variable each time', () => tf.variable(tf.zeros([2])), 'unstable-step'],
  ];

  it.each(mistakes)('fails where it %s', async (_, step, code) => {
    const error = await failureOf(label(step));
    expect(error.code).toBe(code);
    expect(error.labels.slice(0, 1)).toEqual(['step bad']);
    // What is found when the step is over has no innermost part to name.
    if (code !== 'unstable-step' && !error.message.includes('promise')) expect(error.labels).toEqual(['step bad', 'loss "kl"', 'encoder']);
  });

  it('names the kernel that is missing, and the way out', async () => {
    const { message } = await failureOf((x) => tf.unique(tf.reshape(x, [4])).values);
    expect(message).toContain('Unique');
    expect(message).toContain('tensorflow, wasm or cpu');
  });

  it('fails where it uses a tensor of another step', async () => {
    const kept: tf.Tensor[] = [];
    const step = await engine.compile('first', { x: square }, ({ x }) => {
      kept.push(tf.keep(tf.neg(x)));
      return { x };
    });
    const error = await failureOf((x) => tf.add(x, kept[0] ?? x));
    expect(error.code).toBe('foreign-tensor');
    kept.forEach((tensor) => {
      tensor.dispose();
    });
    await step.dispose();
  });

  it('fails where it uses a variable of another engine', async () => {
    const other = (await createEngine('cpu')).variable(Float32Array.of(1, 2), [2]);
    const error = await failureOf((x) => tf.add(x, other));
    expect(error.code).toBe('foreign-tensor');
    expect((await createEngine('cpu')).read(other)).toEqual(Float32Array.of(1, 2));
    other.dispose();
  });

  it('computes nothing outside of a step', async () => {
    const step = await engine.compile('good', { x: square }, ({ x }) => ({ x }));
    expect(() => tf.add(tf.ones([2]), 1)).toThrow(TraceError);
    expect(() => hostTensor('stray', [1], () => undefined)).toThrow(TraceError);
    await step.dispose();
  });

  it('leaves variables, tensors and the next recording alone when it fails', async () => {
    const weights = variable();
    const before = tf.memory().numTensors;
    await failureOf((x) => {
      weights.assign(tf.neg(x));
      return x.dataSync();
    });
    expect(engine.read(weights)).toEqual(Float32Array.of(1, 2, 3, 4));
    expect(tf.memory().numTensors).toBe(before);
    const step = await engine.compile('good', { x: square }, ({ x }) => ({ y: tf.add(x, weights) }));
    expect((await step.run({ x: Float32Array.of(1, 1, 1, 1) }))['y']).toEqual(Float32Array.of(2, 3, 4, 5));
    await step.dispose();
    weights.dispose();
  });

  it('takes constants that stay the same, and random numbers that nobody uses', async () => {
    const step = await engine.compile('good', { x: square }, ({ x }) => {
      tf.randomNormal([2, 2]);
      return { y: tf.add(x, tf.tensor2d([1, 2, 3, 4], [2, 2])) };
    });
    expect((await step.run({ x: new Float32Array(4) }))['y']).toEqual(Float32Array.of(1, 2, 3, 4));
    await step.dispose();
  });

  it('keeps the constants of the recording when their tensors are gone or changed', async () => {
    const offset = tf.tensor1d([1, 2]);
    const step = await engine.compile('good', { x: square }, ({ x }) => ({ y: tf.add(x, offset) }));
    offset.dispose();
    expect((await step.run({ x: new Float32Array(4) }))['y']).toEqual(Float32Array.of(1, 2, 1, 2));
    await step.dispose();
  });
});
