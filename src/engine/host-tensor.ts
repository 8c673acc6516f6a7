/** Tensors that the host fills before each run of a step: noise, learning rates, loss weights. */
import type * as tf from '@tensorflow/tfjs-core';
import { TraceError } from './errors.js';
import { currentLabels } from './labels.js';
import type { InputSpec, StepArray } from './engine.js';

/** Writes the values for the run with this tick. The array is the same at each call. */
export type Fill<A extends StepArray = StepArray> = (out: A, tick: number) => void;

/** Makes host tensors for the step that is being recorded or run. */
export type HostTensorSource = (name: string, spec: InputSpec, fill: (out: StepArray, tick: number) => void) => tf.Tensor;

let source: HostTensorSource | null = null;

/** Installs `next` while `body` runs; engines call this around a step. */
export const withHostTensors = <T>(next: HostTensorSource, body: () => T): T => {
  const outer = source;
  source = next;
  try {
    return body();
  } finally {
    source = outer;
  }
};

/**
 * A float32 tensor inside a step whose values `fill` writes before each run. Names are for profiles and messages; each
 * call is a tensor of its own.
 */
export const hostTensor = (name: string, shape: readonly number[], fill: Fill<Float32Array>): tf.Tensor => {
  if (!source) throw new TraceError('outside-step', `host tensor "${name}" was asked for outside a step`, currentLabels());
  return source(name, { shape, dtype: 'float32' }, (out, tick) => {
    if (out instanceof Float32Array) fill(out, tick);
  });
};
