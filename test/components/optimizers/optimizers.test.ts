/** Update rules against the published algorithms, and against TensorFlow.js's own where it has the same. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Optimizer } from '../../../src/registry/contracts/index.js';
import { buildComponent } from '../../support/build.js';
import { useCpuBackend, valuesOf } from '../../support/pass.js';
import * as published from './published.js';

useCpuBackend();

const numSteps = 20;
const start = [1, -2, 0.5, 3];

/** The optimizer's weights after each update, as the trainer would keep them, in float32. */
const run = (
  optimizer: Optimizer,
  initial: readonly number[],
  gradientAt: (step: number, weights: readonly number[]) => readonly number[],
  steps = numSteps,
): number[][] => {
  let value: tf.Tensor = tf.tensor1d([...initial]);
  let slots: Readonly<Record<string, tf.Tensor>> = Object.fromEntries(optimizer.slots.map((name) => [name, tf.zeros([initial.length])]));
  return Array.from({ length: steps }, (_, step) => {
    const learningRate = tf.scalar(optimizer.learningRate.at({ step, stepsPerEpoch: 10, totalSteps: steps }));
    const gradient = tf.tensor1d([...gradientAt(step, valuesOf(value))]);
    const next = optimizer.update({ value, gradient, slots, learningRate, count: tf.scalar(step + 1) });
    expect(Object.keys(next.slots).toSorted()).toEqual([...optimizer.slots].toSorted());
    ({ value, slots } = next);
    return valuesOf(value);
  });
};

const runPublished = (
  rule: () => published.Rule,
  rate: (step: number) => number,
  initial: readonly number[],
  gradientAt: (step: number, weights: readonly number[]) => readonly number[],
): number[][] => {
  const rules = initial.map(rule);
  let weights = [...initial];
  return Array.from({ length: numSteps }, (_, step) => {
    const gradients = gradientAt(step, weights);
    weights = weights.map((weight, i) => rules[i]!(weight, gradients[i]!, rate(step)));
    return weights;
  });
};

/** Gradients of all sizes, with a zero and a change of sign. */
const gradients = (step: number): number[] => [Math.sin(step), 1e-4 * Math.cos(step), 300 * Math.sin(3 * step + 1), step < 5 ? 0 : -1];

const cases: readonly (readonly [string, object, () => published.Rule])[] = [
  ['sgd', { type: 'sgd', learningRate: 0.01 }, published.sgd],
  ['momentum', { type: 'momentum', learningRate: 0.01, momentum: 0.8 }, () => published.momentum(0.8, false)],
  ['momentum, Nesterov', { type: 'momentum', learningRate: 0.01, nesterov: true }, () => published.momentum(0.9, true)],
  ['rmsprop', { type: 'rmsprop', learningRate: 0.01 }, () => published.rmsprop(0.99, 1e-8, 0, false)],
  [
    'rmsprop, centered',
    { type: 'rmsprop', learningRate: 0.01, centered: true, decay: 0.9, epsilon: 0.01 },
    () => published.rmsprop(0.9, 0.01, 0, true),
  ],
  [
    'rmsprop with momentum',
    { type: 'rmsprop', learningRate: 0.01, momentum: 0.7, epsilon: 1e-3 },
    () => published.rmsprop(0.99, 1e-3, 0.7, false),
  ],
  ['adam', { type: 'adam', learningRate: 0.01 }, () => published.adam(0.9, 0.999, 1e-8)],
  ['adam without memory of the mean', { type: 'adam', learningRate: 0.01, beta1: 0 }, () => published.adam(0, 0.999, 1e-8)],
  [
    'adam with a large epsilon',
    { type: 'adam', learningRate: 0.01, beta1: 0.5, beta2: 0.9, epsilon: 0.1 },
    () => published.adam(0.5, 0.9, 0.1),
  ],
  ['adamw', { type: 'adamw', learningRate: 0.01, weightDecay: 0.5 }, () => published.adam(0.9, 0.999, 1e-8, 0.5)],
  ['adamax', { type: 'adamax', learningRate: 0.01 }, () => published.adamax(0.9, 0.999, 1e-8)],
];

describe.each(cases)('%s', (_, entry, rule) => {
  const expectClose = (actual: readonly number[][], expected: readonly number[][]): void => {
    actual.forEach((weights, step) => {
      weights.forEach((weight, i) => {
        const moved = Math.abs(expected[step]![i]! - start[i]!);
        expect(Math.abs(weight - expected[step]![i]!), `weight ${String(i)} after step ${String(step)}`).toBeLessThan(1e-4 * moved + 2e-6);
      });
    });
  };

  it('is the published algorithm', () => {
    expectClose(
      run(buildComponent('optimizer', entry), start, gradients),
      runPublished(rule, () => 0.01, start, gradients),
    );
  });

  it('follows a schedule of its learning rate', () => {
    const optimizer = buildComponent('optimizer', { ...entry, learningRate: { type: 'cosine', from: 0.02 } });
    const rate = (step: number): number => 0.01 * (1 + Math.cos((Math.PI * step) / numSteps));
    expectClose(run(optimizer, start, gradients), runPublished(rule, rate, start, gradients));
  });

  it('stays where it is while there is no gradient', () => {
    const still = run(
      buildComponent('optimizer', { ...entry, ...('weightDecay' in entry ? { weightDecay: 0 } : {}) }),
      start,
      () => [0, 0, 0, 0],
      3,
    );
    still.at(-1)!.forEach((weight, i) => expect(weight).toBeCloseTo(start[i]!, 6));
  });

  it('goes down a slope, whatever its size', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (slope) => {
        const [after] = run(buildComponent('optimizer', entry), [0], () => [slope], 1);
        expect(after![0]).toBeLessThan(0);
      }),
      { numRuns: 20 },
    );
  });

  it('finds the minimum of a bowl', () => {
    const weights = run(
      buildComponent('optimizer', { ...entry, learningRate: 0.05, ...('weightDecay' in entry ? { weightDecay: 0 } : {}) }),
      [1, -0.5],
      (__, w) => w.map((each) => 2 * each),
      300,
    );
    for (const weight of weights.at(-1)!) expect(Math.abs(weight)).toBeLessThan(0.06);
  });
});

describe('adam', () => {
  it('moves by the learning rate at first, for a gradient of any size', () => {
    const [first] = run(buildComponent('optimizer', 'adam'), [0, 0, 0], () => [1e-4, -1, 1e4], 1);
    [-1e-3, 1e-3, -1e-3].forEach((value, i) => expect(first![i]! / value).toBeCloseTo(1, 3));
  });

  it('keeps slots that are Adam’s moments over 1 - beta', () => {
    const optimizer = buildComponent('optimizer', { type: 'adam', beta1: 0.9, beta2: 0.99 });
    const slots = Object.fromEntries(optimizer.slots.map((name) => [name, tf.zeros([1])]));
    const one = optimizer.update({
      value: tf.zeros([1]),
      gradient: tf.tensor1d([3]),
      slots,
      learningRate: tf.scalar(1),
      count: tf.scalar(1),
    });
    expect(valuesOf(one.slots['gradient-sum']!)[0]! * (1 - 0.9)).toBeCloseTo(0.3, 6);
    expect(valuesOf(one.slots['square-sum']!)[0]! * (1 - 0.99)).toBeCloseTo(0.09, 6);
  });

  it('makes ten passes over memory per variable', () => {
    const optimizer = buildComponent('optimizer', 'adam');
    const shape = [64, 32];
    const slots = Object.fromEntries(optimizer.slots.map((name) => [name, tf.zeros(shape)]));
    const input = { value: tf.zeros(shape), gradient: tf.ones(shape), slots, learningRate: tf.scalar(1), count: tf.scalar(1) };
    const before = tf.memory().numBytes;
    const next = optimizer.update(input);
    expect(Math.floor((tf.memory().numBytes - before) / next.value.size / 4)).toBe(10);
  });

  it('says when a slot is missing', () => {
    const input = { value: tf.zeros([1]), gradient: tf.zeros([1]), slots: {}, learningRate: tf.scalar(1), count: tf.scalar(1) };
    expect(() => buildComponent('optimizer', 'adam').update(input)).toThrow('"gradient-sum"');
  });
});

describe('the optimizers of TensorFlow.js', () => {
  const theirs: readonly (readonly [string, object, () => tf.Optimizer])[] = [
    ['sgd', { type: 'sgd', learningRate: 0.01 }, () => tf.train.sgd(0.01)],
    ['momentum', { type: 'momentum', learningRate: 0.01, momentum: 0.8 }, () => tf.train.momentum(0.01, 0.8)],
    ['adam', { type: 'adam', learningRate: 0.01 }, () => tf.train.adam(0.01, 0.9, 0.999, 1e-8)],
    ['adamax', { type: 'adamax', learningRate: 0.01 }, () => tf.train.adamax(0.01, 0.9, 0.999, 1e-8)],
    // Theirs has epsilon below the root, which is the same when it is nothing.
    ['rmsprop', { type: 'rmsprop', learningRate: 0.01, decay: 0.9, epsilon: 1e-12 }, () => tf.train.rmsprop(0.01, 0.9, 0, 1e-24)],
  ];

  it.each(theirs)('agree on %s', (_, entry, create) => {
    const target = [0.3, 0.1, -1, 2];
    const w = tf.variable(tf.tensor1d(start));
    const optimizer = create();
    for (let step = 0; step < numSteps; step++) optimizer.minimize(() => tf.sum(tf.square(tf.sub(w, target))), false, [w]);
    const ours = run(buildComponent('optimizer', entry), start, (__, weights) => weights.map((weight, i) => 2 * (weight - target[i]!)));
    valuesOf(w).forEach((value, i) => expect(ours.at(-1)![i]).toBeCloseTo(value, 4));
    w.dispose();
    optimizer.dispose();
  });
});
