/**
 * Engines that run a step operation by operation with one of TensorFlow.js's own backends. Slow, but with nothing between a
 * step and its numbers: what the compiled engine is held against.
 */
import * as tf from '@tensorflow/tfjs-core';
import {
  mapInputs,
  type CompiledStep,
  type CompileOptions,
  type Engine,
  type EngineName,
  type InputSpec,
  type InputSpecs,
  type StepArray,
  type StepFunction,
} from './engine.js';
import { activateBackend } from './activate.js';
import { TraceError } from './errors.js';
import { withHostTensors } from './host-tensor.js';
import { withLabel } from './labels.js';

export interface EagerOptions {
  readonly name: EngineName;
  /** The TensorFlow.js backend, registered already. */
  readonly backend: string;
  readonly version: string;
  readonly threads: number | null;
}

export class EagerEngine implements Engine {
  readonly name: EngineName;
  readonly threads: number | null;
  readonly version: string;
  readonly #backend: string;
  readonly #steps = new Set<{ dispose(): Promise<void> }>();

  constructor({ name, backend, version, threads }: EagerOptions) {
    this.name = name;
    this.version = version;
    this.threads = threads;
    this.#backend = backend;
  }

  async compile<I extends InputSpecs>(
    name: string,
    inputs: I,
    step: StepFunction<I>,
    options: CompileOptions = {},
  ): Promise<CompiledStep<I>> {
    await start(this.#backend);
    const compiled = new EagerStep(this.#backend, name, inputs, step, options.confirm ?? false);
    this.#steps.add(compiled);
    return compiled;
  }

  variable(values: StepArray, shape: readonly number[], trainable = true): tf.Variable {
    activateBackend(this.#backend);
    const initial = toTensor(values.slice(), { shape, dtype: dataTypeOf(values) });
    try {
      return tf.variable(initial, trainable);
    } finally {
      initial.dispose();
    }
  }

  write(variable: tf.Variable, values: StepArray): void {
    activateBackend(this.#backend);
    const next = toTensor(values.slice(), { shape: variable.shape, dtype: dataTypeOf(values) });
    variable.assign(next);
    next.dispose();
  }

  read(variable: tf.Variable): StepArray {
    return variable.dataSync<'float32' | 'int32' | 'bool'>().slice();
  }

  async dispose(): Promise<void> {
    for (const step of this.#steps) await step.dispose();
    this.#steps.clear();
  }
}

class EagerStep<I extends InputSpecs> implements CompiledStep<I> {
  readonly #backend: string;
  readonly #name: string;
  readonly #inputs: I;
  readonly #step: StepFunction<I>;
  readonly #confirm: boolean;
  /** In the order in which the step asks for host tensors. */
  readonly #hostArrays: StepArray[] = [];
  /** What the last run assigned and nobody has confirmed yet. */
  #pending = new Map<tf.Variable, tf.Tensor>();

  constructor(backend: string, name: string, inputs: I, step: StepFunction<I>, confirm: boolean) {
    this.#backend = backend;
    this.#name = name;
    this.#inputs = inputs;
    this.#step = step;
    this.#confirm = confirm;
  }

  async run(feeds: { readonly [Name in keyof I]: StepArray }, tick = 0): Promise<Readonly<Record<string, StepArray>>> {
    await start(this.#backend);
    this.#drop();
    for (const name of Object.keys(feeds)) {
      if (!(name in this.#inputs))
        throw new TraceError(
          'unknown-input',
          `step "${this.#name}" has no input "${name}"; it takes ${Object.keys(this.#inputs).join(', ')}`,
          [],
        );
    }
    const results = this.#confirm ? this.#evaluate(feeds, tick) : this.#call(feeds, tick);
    const arrays: Record<string, StepArray> = {};
    for (const [name, tensor] of Object.entries(results)) {
      arrays[name] = ofDataType(await tensor.data<'float32' | 'int32' | 'bool'>(), tensor.dtype);
      tensor.dispose();
    }
    return arrays;
  }

  /** The step's results; what it assigned is put aside, and every variable keeps its values. */
  #evaluate(feeds: Readonly<Record<string, StepArray>>, tick: number): Readonly<Record<string, tf.Tensor>> {
    const before = new Map<tf.Variable, tf.Tensor>(variablesOf(this.#backend).map((variable) => [variable, tf.keep(tf.clone(variable))]));
    const engine = tf.engine();
    const makeVariable = engine.makeVariable.bind(engine);
    // Optimizers make variables in the first step that they take, and assign them a line later.
    engine.makeVariable = (initialValue, ...rest) => {
      const variable = makeVariable(initialValue, ...rest);
      before.set(variable, tf.keep(tf.clone(initialValue)));
      return variable;
    };
    try {
      return this.#call(feeds, tick);
    } finally {
      engine.makeVariable = makeVariable;
      for (const [variable, old] of before) {
        if (variable.dataId !== old.dataId) {
          this.#pending.set(variable, tf.keep(tf.clone(variable)));
          variable.assign(old);
        }
        old.dispose();
      }
    }
  }

  #call(feeds: Readonly<Record<string, StepArray>>, tick: number): Readonly<Record<string, tf.Tensor>> {
    return tf.tidy(() => {
      // Copies: a step may assign an input to a variable, and the caller fills its array again.
      const tensors = mapInputs(this.#inputs, (name, spec) => toTensor(checkedFeed(this.#name, feeds, name, spec).slice(), spec));
      let calls = 0;
      const results = withHostTensors(
        (_, spec, fill) => {
          const array = (this.#hostArrays[calls++] ??= emptyArray(spec));
          fill(array, tick);
          return toTensor(array.slice(), spec);
        },
        () => withLabel(`step ${this.#name}`, () => this.#step(tensors)),
      );
      // Each name gets a tensor of its own: a result may be a variable, which lives on, or come twice.
      return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, tf.clone(tensor)]));
    });
  }

  commit(): void {
    activateBackend(this.#backend);
    for (const [variable, next] of this.#pending) variable.assign(next);
    this.#drop();
  }

  describe(): null {
    return null;
  }

  dispose(): Promise<void> {
    this.#drop();
    return Promise.resolve();
  }

  #drop(): void {
    for (const next of this.#pending.values()) next.dispose();
    this.#pending.clear();
  }
}

const start = async (backend: string): Promise<void> => {
  if (tf.getBackend() !== backend) await tf.setBackend(backend);
};

/** Touching a variable of another backend would move it here. */
const variablesOf = (backend: string): readonly tf.Variable[] => {
  const { registeredVariables, state } = tf.engine();
  return Object.values(registeredVariables).filter(
    (variable) => state.tensorInfo.get(variable.dataId)?.backend === tf.findBackend(backend),
  );
};

const dataTypeOf = (values: StepArray): InputSpec['dtype'] =>
  values instanceof Float32Array ? 'float32' : values instanceof Int32Array ? 'int32' : 'bool';
const toTensor = (values: StepArray, spec: InputSpec): tf.Tensor => tf.tensor(values, [...spec.shape], spec.dtype);
/** Some kernels of the cpu backend answer with an untyped [], or keep floats in a tensor that they call int32. */
const ofDataType = (values: StepArray, dtype: tf.DataType): StepArray => {
  const Type = dtype === 'float32' ? Float32Array : dtype === 'int32' ? Int32Array : Uint8Array;
  return values instanceof Type ? values : Type.from(values);
};
const emptyArray = ({ shape, dtype }: InputSpec): StepArray => {
  const size = shape.reduce((product, dim) => product * dim, 1);
  return dtype === 'float32' ? new Float32Array(size) : dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size);
};

const checkedFeed = (step: string, feeds: Readonly<Record<string, StepArray>>, name: string, spec: InputSpec): StepArray => {
  const array = feeds[name];
  const size = spec.shape.reduce((product, dim) => product * dim, 1);
  if (array && dataTypeOf(array) !== spec.dtype)
    throw new TraceError('input-shape', `step "${step}" needs ${spec.dtype} values for "${name}" and got a ${array.constructor.name}`, []);
  if (array?.length === size) return array;
  throw new TraceError(
    'input-shape',
    `step "${step}" was compiled for "${name}" of shape [${spec.shape.join(', ')}], ${String(size)} values, and got ${String(array?.length ?? 0)}`,
    [],
  );
};
