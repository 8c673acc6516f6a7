import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { registerMissingGradients } from '../../../src/engine/gradients/index.js';
import { createEngine, type Engine, type EngineName } from '../../../src/engine/index.js';

/** A small critic and its inputs; weights are irregular, so that no unit sits on a kink. */
const irregular = (size: number, seed: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(1.7 * (i + 1) + seed));
const [batch, width, hidden] = [3, 4, 5];
const specs = {
  x: { shape: [batch, width], dtype: 'float32' },
  v: { shape: [width, hidden], dtype: 'float32' },
  w: { shape: [hidden, 1], dtype: 'float32' },
} as const;
const feeds = { x: irregular(batch * width, 0), v: irregular(width * hidden, 1), w: irregular(hidden, 2) };

type Activation = (x: tf.Tensor) => tf.Tensor;
/** Σ (|d critic / d x|² - 1)², which is differentiated by the first layer's weights: a second derivative. */
const penalty = (activation: Activation, x: tf.Tensor, v: tf.Tensor, w: tf.Tensor): tf.Scalar => {
  const critic = (input: tf.Tensor): tf.Tensor => tf.sum(tf.matMul(activation(tf.matMul(input, v)), w));
  const slope = tf.grad(critic)(x);
  return tf.sum(tf.square(tf.sub(tf.sum(tf.square(slope), 1), 1)));
};

const activations: Readonly<Record<string, Activation>> = {
  relu: tf.relu,
  leakyRelu: (x) => tf.leakyRelu(x, 0.2),
  abs: tf.abs,
  elu: tf.elu,
  selu: tf.selu,
  softplus: tf.softplus,
  tanh: tf.tanh,
  sigmoid: tf.sigmoid,
  exp: (x) => tf.exp(tf.mul(x, 0.3)),
  softmax: (x) => tf.softmax(x),
  'a power': (x) => tf.pow(tf.add(tf.square(x), 0.5), 1.3),
  'an exponent': (x) => tf.pow(1.5, x),
  'a maximum': (x) => tf.maximum(tf.mul(x, 0.3), tf.square(x)),
  'a minimum': (x) => tf.minimum(tf.mul(x, 0.3), tf.square(x)),
  'a clipped square': (x) => tf.clipByValue(tf.square(x), 0.01, 0.6),
  'a choice by a comparison': (x) => tf.where(tf.logicalAnd(tf.less(x, 0.5), tf.greaterEqual(x, -0.5)), tf.square(x), tf.mul(x, 2)),
  'a row maximum': (x) => tf.mul(tf.square(x), tf.max(x, 1, true)),
  'squared differences': (x) => tf.squaredDifference(x, tf.mean(x, 1, true)),
};

const engines = new Map<EngineName, Engine>();
const engineOf = async (name: EngineName): Promise<Engine> => {
  const engine = engines.get(name) ?? (await createEngine(name));
  engines.set(name, engine);
  return engine;
};
afterAll(async () => {
  for (const engine of engines.values()) await engine.dispose();
});

const secondDerivative = async (name: EngineName, activation: Activation): Promise<number[]> => {
  const step = await (
    await engineOf(name)
  ).compile('penalty', specs, ({ x, v, w }) => ({ gradient: tf.grad((weights) => penalty(activation, x, weights, w))(v) }));
  const { gradient = new Float32Array() } = await step.run(feeds);
  const copy = [...gradient];
  await step.dispose();
  return copy;
};

/** Central differences of the penalty itself, on the cpu backend; kinks are far enough away. */
const differences = async (activation: Activation, h: number): Promise<number[]> => {
  const step = await (await engineOf('cpu')).compile('penalty', specs, ({ x, v, w }) => ({ y: penalty(activation, x, v, w) }));
  const results: number[] = [];
  for (let i = 0; i < feeds.v.length; i++) {
    const at = async (shift: number): Promise<number> => {
      const v = feeds.v.slice();
      v[i] = (v[i] ?? NaN) + shift;
      return (await step.run({ ...feeds, v }))['y']?.[0] ?? NaN;
    };
    results.push(((await at(h)) - (await at(-h))) / (2 * h));
  }
  return results;
};

describe('the gradient of a gradient', () => {
  it.each(Object.entries(activations))('through %s agrees with finite differences, on onnx and cpu', async (_, activation) => {
    const expected = await differences(activation, 2e-3);
    const size = Math.max(...expected.map(Math.abs));
    for (const name of ['cpu', 'onnx'] as const) {
      const found = await secondDerivative(name, activation);
      found.forEach((value, i) => {
        expect(
          Math.abs(value - (expected[i] ?? NaN)),
          `${name}: element ${String(i)}, ${String(value)} and ${String(expected[i])}`,
        ).toBeLessThan(5e-3 * (size + 0.1));
      });
    }
  });

  it('of steps is zero, and computes nothing', async () => {
    const step = await (
      await engineOf('onnx')
    ).compile('steps', { x: { shape: [4], dtype: 'float32' } }, ({ x }) => ({
      slope: tf.grad((y) => tf.sum(tf.cast(tf.logicalOr(tf.greater(y, 0), tf.logicalNot(tf.notEqual(y, 1))), 'float32')))(x),
    }));
    expect(step.describe()).toBe('output_slope = 0:[4]\n');
  });
});

describe('gradients that are computed from x again', () => {
  it.each<[string, Activation, string]>([
    ['tanh', tf.tanh, 'Tanh'],
    ['sigmoid', tf.sigmoid, 'Reciprocal'],
    ['softmax', (x) => tf.softmax(x), 'Softmax'],
    ['elu', tf.elu, 'Tanh'],
  ])('%s costs nothing more on onnx: forward and backward share it', async (_, activation, opType) => {
    const step = await (
      await engineOf('onnx')
    ).compile('shared', { x: specs.x }, ({ x }) => {
      const { value, grads } = tf.valueAndGrads((y: tf.Tensor) => tf.sum(tf.square(activation(y))))([x]);
      return { value, slope: grads[0] ?? x };
    });
    expect(step.describe()?.match(new RegExp(` = ${opType}\\(`, 'g'))).toHaveLength(1);
  });
});

describe('registering', () => {
  it('may be repeated, and keeps what TensorFlow.js has right', () => {
    registerMissingGradients();
    const before = ['Add', 'Greater', 'Prod', 'EluGrad'].map((name) => tf.getGradient(name));
    registerMissingGradients();
    expect(['Add', 'Greater', 'Prod', 'EluGrad'].map((name) => tf.getGradient(name))).toEqual(before);
    expect(before.every((gradient) => typeof gradient.gradFunc === 'function')).toBe(true);
  });
});
