/** What a lowering is: one exported function per TensorFlow.js kernel, named as the kernel. */
import { TraceError } from '../errors.js';
import { currentLabels } from '../labels.js';
import type { Graph } from './graph.js';
import type { Value } from './values.js';

export type KernelInputs = Readonly<Record<string, Value>>;
export type KernelAttrs = Readonly<Record<string, unknown>>;
/** Records the ONNX nodes that compute one kernel. */
export type Kernel = (g: Graph, inputs: KernelInputs, attrs: KernelAttrs) => Value | readonly Value[];

/** Arguments of a kernel that no ONNX operator can express. */
export const unsupported = (kernel: string, what: string): TraceError =>
  new TraceError(
    'unsupported-arguments',
    `the onnx engine cannot compile ${kernel} ${what}; write the step without it, or run with engine: tensorflow, wasm or cpu`,
    currentLabels(),
  );
