/** Compares the onnx engine with double precision: the largest relative error over many numbers. */
import type * as tf from '@tensorflow/tfjs-core';
import { engine } from './against-cpu.js';

export interface Accuracy {
  /** NaN if a result is NaN, or not finite where the true one is. */
  readonly error: number;
  /** Where it is found. */
  readonly at: number;
}

/** Numbers whose true result a float32 without denormals cannot hold are passed over. */
export const accuracyOf = async (
  f: (x: tf.Tensor) => tf.Tensor,
  exact: (x: number) => number,
  numbers: readonly number[],
): Promise<Accuracy> => {
  const x = Float32Array.from(numbers);
  const step = await (
    await engine('onnx')
  ).compile('accuracy', { x: { shape: [x.length], dtype: 'float32' } }, (placed) => ({ y: f(placed.x) }));
  const y = (await step.run({ x }))['y'] ?? [];
  let worst: Accuracy = { error: 0, at: NaN };
  x.forEach((number, i) => {
    const want = exact(number);
    if (Math.abs(want) < 1.2e-38 || Math.abs(want) > 3.4e38) return;
    const error = Math.abs((y[i] ?? NaN) - want) / Math.abs(want);
    if (!(error <= worst.error)) worst = { error, at: number };
  });
  await step.dispose();
  return worst;
};

export const between = (low: number, high: number, count = 2000): number[] =>
  Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
/** Spread evenly over the magnitudes. */
export const magnitudesBetween = (low: number, high: number, count = 2000): number[] =>
  between(Math.log(low), Math.log(high), count).map(Math.exp);
