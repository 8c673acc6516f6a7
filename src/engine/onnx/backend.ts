/**
 * A TensorFlow.js backend that computes nothing. Inside `record` each kernel call adds nodes to a graph; outside, it only holds the
 * values of variables, which are the very tensors that onnxruntime reads and writes.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor as OrtTensor } from 'onnxruntime-node';
import { activateBackend } from '../activate.js';
import { TraceError, type Accuse } from '../errors.js';
import { currentLabels } from '../labels.js';
import type { StepArray, StepDataType } from '../engine.js';
import type { Arena, Block } from './fused/arena.js';
import type { Graph } from './graph.js';
import type { Kernel } from './kernel.js';
import * as kernels from './ops/index.js';
import type { Shape, Value } from './values.js';

export const backendName = 'latentlab-onnx';

/** What stands behind a tensor: host values, a value of the recording, or both (a constant that was used). */
export class Entry {
  readonly shape: Shape;
  readonly dtype: StepDataType;
  /** A variable that stands for one, whose values nobody will know. */
  readonly isDeclared: boolean;
  /** Set while a recording runs; cleared afterwards, as a graph is of no use to the next one. */
  recording: { readonly graph: Graph; readonly value: Value } | null = null;
  /** Where the values are, if a fused kernel works on them. */
  block: Block | null = null;
  /** Set on data that is made while a recording runs: whom a fault of it is told to. */
  accuse: Accuse | null = null;
  /** The buffer that the next assignment is written to, if onnxruntime makes it. */
  spare: OrtTensor | null = null;
  #values: StepArray | null;
  #tensor: OrtTensor | null = null;

  constructor(shape: Shape, dtype: StepDataType, values: StepArray | null, isDeclared = false) {
    this.shape = shape;
    this.dtype = dtype;
    this.isDeclared = isDeclared;
    this.#values = values;
  }

  /** Host values; null for a tensor that only the compiled step will know. */
  get values(): StepArray | null {
    return this.block ? this.block.array : this.#values;
  }

  /** The values as onnxruntime sees them, wrapped once and again only when they have moved. */
  tensor(wrap: (values: StepArray) => OrtTensor): OrtTensor {
    const { values } = this;
    if (!values) throw new Error('a variable without values');
    if (this.#tensor?.data !== values) this.#tensor = wrap(values);
    return this.#tensor;
  }

  /** Takes what an assignment has written; the buffer of the old values is written to next. */
  swap(written: OrtTensor, values: StepArray): void {
    // Another step works on the values where they are.
    if (this.block) {
      this.block.array.set(values);
      return;
    }
    this.spare = this.#tensor;
    this.#tensor = written;
    this.#values = values;
  }

  overwrite(values: StepArray): void {
    if (this.values?.length !== values.length)
      throw new Error(`a variable of shape [${this.shape.join(', ')}] was given ${String(values.length)} values`);
    this.values.set(values);
  }
}

/** What the backend tells the recording in progress. */
export interface Recorder {
  readonly graph: Graph;
  /** A tensor of host values was used for the first time: a variable becomes an input, anything else a constant. */
  adopt(dataId: tf.DataId, entry: Entry): Value;
  /** A kernel was called with these numbers and words beside its tensors. */
  attributes(kernel: string, attrs: object): void;
  /** Whether these are a variable's values, which the compiled step will find changed. */
  isVariable(dataId: tf.DataId): boolean;
  /** Who makes data at this moment; null where nobody asks. */
  readonly witness: (() => Accuse) | null;
}

const stepDataType = (dtype: string): StepDataType => {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new TraceError('unsupported-arguments', `tensors of type ${dtype} cannot be compiled; use float32, int32 or bool`, currentLabels());
};

export class RecordingBackend extends tf.KernelBackend {
  readonly #entries = new Map<tf.DataId, Entry>();
  readonly #references = new Map<tf.DataId, number>();
  readonly #arenas = new WeakMap<Entry, Arena>();
  recorder: Recorder | null = null;
  /** Told of each kernel that is recorded. */
  onKernel: ((kernel: string, inputs: readonly tf.TensorInfo[], outputs: readonly tf.TensorInfo[]) => void) | null = null;

  /** Throws TraceError (`foreign-tensor`) for data that this backend does not hold. */
  entry(dataId: tf.DataId): Entry {
    const entry = this.#entries.get(dataId);
    if (!entry)
      throw new TraceError('foreign-tensor', 'a tensor of another engine, or one that was disposed of, was used', currentLabels());
    return entry;
  }

  holds(dataId: tf.DataId): boolean {
    return this.#entries.has(dataId);
  }

  /**
   * Gives a variable values of its own. Assigning one variable to another makes them share theirs, which is harmless as long as tensors
   * never change; but a compiled step writes over a variable's values.
   */
  separate(variable: tf.Variable): void {
    if (this.refCount(variable.dataId) < 2) return;
    const { values, dtype } = this.entry(variable.dataId);
    if (!values) throw new Error('a variable without values');
    const dataId = this.write(values, variable.shape, dtype);
    const own = tf.engine().makeTensorFromTensorInfo({ dataId, shape: variable.shape, dtype }, this);
    activateBackend(backendName);
    variable.assign(own);
    own.dispose();
  }

  /** The value that stands for a tensor in the recording in progress. */
  recorded(tensor: tf.TensorInfo): Value {
    const { recorder } = this;
    if (!recorder) throw outsideStep('a value was asked for');
    const entry = this.entry(tensor.dataId);
    if (entry.recording?.graph === recorder.graph) return recorder.graph.reshape(entry.recording.value, tensor.shape);
    if (!entry.values && !entry.isDeclared)
      throw new TraceError('foreign-tensor', 'a tensor of another step was used; steps share nothing but variables', currentLabels());
    const value = recorder.adopt(tensor.dataId, entry);
    entry.recording = { graph: recorder.graph, value };
    return recorder.graph.reshape(value, tensor.shape);
  }

  /** A tensor that stands for a value of the recording. */
  tensorInfo(graph: Graph, value: Value): tf.TensorInfo {
    const dtype = value.dtype === 'int64' ? 'int32' : value.dtype === 'uint8' ? 'bool' : value.dtype;
    const entry = new Entry(value.shape, dtype, null);
    entry.recording = { graph, value };
    const dataId = this.#add(entry);
    return { dataId, shape: [...value.shape], dtype };
  }

  /** Data for a variable that takes no memory: a recording knows its shape, and nothing can run. */
  declare(shape: Shape): tf.DataId {
    return this.#add(new Entry(shape, 'float32', null, true));
  }

  // Values are copied: the caller keeps its array, and a variable's is written to.
  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    const entry = new Entry(shape, stepDataType(dtype), toStepArray(values).slice());
    entry.accuse = this.recorder?.witness?.() ?? null;
    return this.#add(entry);
  }

  override move(dataId: tf.DataId, values: tf.BackendValues, shape: number[], dtype: tf.DataType, refCount: number): void {
    this.#entries.set(dataId, new Entry(shape, stepDataType(dtype), toStepArray(values).slice()));
    this.#references.set(dataId, refCount);
  }

  override readSync(dataId: tf.DataId): tf.BackendValues {
    const { values } = this.entry(dataId);
    if (!values || this.recorder?.isVariable(dataId)) {
      throw new TraceError(
        'value-read',
        "a tensor's value was read (dataSync, array, print, or a branch on it) inside a step, which is recorded once and has no values then; compute with the tensor itself (tf.where, tf.mul), or take what the step needs as an input",
        currentLabels(),
      );
    }
    return values;
  }

  override read(dataId: tf.DataId): Promise<tf.BackendValues> {
    // Promise.resolve().then turns the throw of readSync into a rejection, as callers of read expect.
    return Promise.resolve().then(() => this.readSync(dataId));
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    const references = (this.#references.get(dataId) ?? 1) - 1;
    this.#references.set(dataId, references);
    if (references > 0 && !force) return false;
    const entry = this.#entries.get(dataId);
    if (entry?.block) this.#arenas.get(entry)?.free(entry.block);
    this.#entries.delete(dataId);
    this.#references.delete(dataId);
    return true;
  }

  override refCount(dataId: tf.DataId): number {
    return this.#references.get(dataId) ?? 0;
  }

  override incRef(dataId: tf.DataId): void {
    this.#references.set(dataId, this.refCount(dataId) + 1);
  }

  /** From now on a fused kernel works on the entry's values; the block is given back when the data is disposed of. */
  moveIntoArena(entry: Entry, arena: Arena, block: Block): void {
    entry.block = block;
    this.#arenas.set(entry, arena);
  }

  override numDataIds(): number {
    return this.#entries.size;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override timerAvailable(): boolean {
    return false;
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {
    this.#entries.clear();
    this.#references.clear();
  }

  #add(entry: Entry): tf.DataId {
    const dataId = {};
    this.#entries.set(dataId, entry);
    this.#references.set(dataId, 1);
    return dataId;
  }
}

const toStepArray = (values: tf.BackendValues): StepArray => {
  if (values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array) return values;
  if (values instanceof Uint8ClampedArray) return Int32Array.from(values);
  throw new TraceError('unsupported-arguments', 'text tensors cannot be compiled', currentLabels());
};

const outsideStep = (what: string): TraceError =>
  new TraceError(
    'outside-step',
    `${what} outside a step: the onnx engine computes only inside functions that were given to compile()`,
    currentLabels(),
  );

let shared: RecordingBackend | null = null;

/** Registers the backend and a function for every kernel that TensorFlow.js has; there is one per process. */
export const recordingBackend = (): RecordingBackend => {
  if (shared) return shared;
  const backend = new RecordingBackend();
  tf.registerBackend(backendName, () => backend);
  const lowerings: Readonly<Record<string, Kernel | undefined>> = kernels;
  for (const kernelName of kernelNames()) {
    const lower = lowerings[kernelName];
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs }) => {
        const { recorder } = backend;
        if (!recorder) throw outsideStep(`${kernelName} was called`);
        if (!lower) throw unmapped(kernelName);
        const values: Record<string, Value> = {};
        for (const [name, input] of Object.entries(inputs)) if (input) values[name] = backend.recorded(input);
        if (attrs) recorder.attributes(kernelName, attrs);
        const results = lower(recorder.graph, values, attrs ?? {});
        const outputs = ('id' in results ? [results] : results).map((result) => backend.tensorInfo(recorder.graph, result));
        const given: readonly (tf.TensorInfo | undefined)[] = Object.values(inputs);
        backend.onKernel?.(
          kernelName,
          given.filter((input) => input !== undefined),
          outputs,
        );
        const [only] = outputs;
        return 'id' in results && only !== undefined ? only : outputs;
      },
    });
  }
  shared = backend;
  return backend;
};

const unmapped = (kernelName: string): TraceError =>
  new TraceError(
    'unmapped-kernel',
    `the onnx engine has no translation of the TensorFlow.js kernel ${kernelName}; use other operations, or run with engine: tensorflow, wasm or cpu`,
    currentLabels(),
  );

/** TensorFlow.js exports the name of each kernel as a constant whose value is that name. */
const kernelNames = (): readonly string[] => {
  const names = Object.entries(tf).flatMap(([key, value]) => (/^_?[A-Z]/.test(key) && typeof value === 'string' ? [value] : []));
  return [...new Set(names.filter((name) => /^_?[A-Za-z0-9]+$/.test(name)))];
};
