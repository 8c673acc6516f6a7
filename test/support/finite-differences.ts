/** Gradients held against central finite differences. Tensors are float32, so points should be few and of moderate size. */
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { valueOf } from './pass.js';

export interface GradientCheck {
  /** Distance to the nearer points. */
  readonly step?: number;
  /** Largest difference that is allowed, relative to 1 + the gradient's own size. */
  readonly tolerance?: number;
}

/** (8 (f(+h) - f(-h)) - (f(+2h) - f(-2h))) / 12h, with an error of h^4. */
const slope = (f: (offset: number) => number, h: number): number => (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);

/**
 * Expects TensorFlow.js's gradient of `f` by each element of each variable to be what its values say. `f` must be the same at
 * each call: it draws from noise that it makes anew.
 */
export const expectGradients = (f: () => tf.Tensor, variables: readonly tf.Variable[], check: GradientCheck = {}): void => {
  const { step = 0.02, tolerance = 2e-3 } = check;
  const { grads } = tf.variableGrads(() => tf.reshape<tf.Rank.R0>(f(), []), [...variables]);
  for (const variable of variables) {
    const gradient = grads[variable.name]?.dataSync();
    if (gradient === undefined) throw new Error(`no gradient by ${variable.name}`);
    const values = variable.dataSync().slice();
    values.forEach((value, i) => {
      const at = (offset: number): number =>
        tf.tidy(() => {
          const moved = values.slice();
          moved[i] = value + offset;
          variable.assign(tf.tensor(moved, variable.shape));
          return valueOf(f());
        });
      const expected = slope(at, step);
      expect(
        Math.abs((gradient[i] ?? Number.NaN) - expected) / (1 + Math.abs(expected)),
        `element ${String(i)} of ${variable.name}`,
      ).toBeLessThan(tolerance);
    });
    variable.assign(tf.tensor(values, variable.shape));
  }
};

/** The same for a function of one tensor, at a point. */
export const expectGradient = (
  f: (x: tf.Tensor) => tf.Tensor,
  point: readonly number[],
  shape: readonly number[] = [point.length],
  check: GradientCheck = {},
): void => {
  const x = tf.variable(tf.tensor([...point], [...shape], 'float32'));
  expectGradients(() => f(x), [x], check);
  x.dispose();
};
