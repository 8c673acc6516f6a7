/** Watches an eager computation for the first value that is not a finite number. */
import * as tf from '@tensorflow/tfjs-core';
import { currentLabels } from './labels.js';

/** Where a value that is no finite number came up first. */
export interface FirstNonFinite {
  /** TensorFlow.js's name of the kernel that gave it: `Exp`, `Log`, `RealDiv`. */
  readonly kernel: string;
  /** As `withLabel` nested them: `loss kl`. */
  readonly labels: readonly string[];
  /** The largest magnitude among the kernel's inputs. */
  readonly magnitude: number;
  /** The variable that was read last before, or by, the kernel; null where none was. */
  readonly variable: tf.Variable | null;
}

const valuesOf = (tensor: tf.Tensor): ArrayLike<number> => (tensor.dtype === 'float32' ? tensor.dataSync<'float32'>() : []);
const isFinite = (values: ArrayLike<number>): boolean => Array.from(values).every(Number.isFinite);
const magnitudeOf = (tensors: readonly tf.Tensor[]): number =>
  tensors.reduce((most, tensor) => Array.from(valuesOf(tensor)).reduce((sofar, value) => Math.max(sofar, Math.abs(value)), most), 0);

/**
 * Runs `body`, all of whose kernels must run at once (an eager engine), and says where the first value came up that is not finite though
 * everything that it was computed from is; null where there was none. What `body` throws is none of its business.
 */
export const findFirstNonFinite = async (
  variables: readonly tf.Variable[],
  body: () => Promise<unknown>,
): Promise<FirstNonFinite | null> => {
  const engine = tf.engine();
  const run = engine.runKernel.bind(engine);
  let found: FirstNonFinite | null = null;
  let last: tf.Variable | null = null;
  let depth = 0;
  const watched = (kernel: string, inputs: tf.NamedTensorMap, attrs?: tf.NamedAttrMap): tf.Tensor | tf.Tensor[] => {
    depth++;
    try {
      const results = run<tf.Tensor | tf.Tensor[]>(kernel, inputs, attrs);
      // Kernels that call others are looked at through those.
      if (found !== null || depth > 1) return results;
      const read: readonly (tf.Tensor | undefined)[] = Object.values(inputs);
      const given = read.filter((input) => input !== undefined);
      last = variables.find((variable) => given.some(({ dataId }) => dataId === variable.dataId)) ?? last;
      const outputs: readonly tf.Tensor[] = Array.isArray(results) ? results : [results];
      if (outputs.every((output) => isFinite(valuesOf(output))) || !given.every((input) => isFinite(valuesOf(input)))) return results;
      found = { kernel, labels: currentLabels(), magnitude: magnitudeOf(given), variable: last };
      return results;
    } finally {
      depth--;
    }
  };
  Reflect.set(engine, 'runKernel', watched);
  try {
    await body();
  } catch {
    // The computation fails on the very values that are looked for.
  } finally {
    engine.runKernel = run;
  }
  return found;
};
