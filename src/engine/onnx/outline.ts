/** An engine that runs nothing: it records steps as the `onnx` engine does, and says what they would cost. No tensor has values. */
import * as tf from '@tensorflow/tfjs-core';
import { activateBackend } from '../activate.js';
import type { CompiledStep, Engine, InputSpecs, StepFunction } from '../engine.js';
import type { Accuse } from '../errors.js';
import { registerMissingGradients } from '../gradients/index.js';
import { backendName, recordingBackend, type RecordingBackend } from './backend.js';
import { costOf, type StepCost } from './cost.js';
import { divide } from './fused/divide.js';
import { fuseNodes } from './passes/fuse.js';
import { glance, record, type Recording } from './record.js';

/** The first kernel of a step that reads a variable. */
interface FirstUse {
  readonly kernel: string;
  /** Of what the kernel gives. */
  readonly shape: readonly number[];
}

export interface StepOutline extends StepCost {
  readonly name: string;
  /** By variable: the order of the map is that of use. */
  readonly firstUses: ReadonlyMap<tf.Variable, FirstUse>;
  /** Tensors that go in and out of a run: what is fed and fetched, variables included. */
  readonly numFeeds: number;
}

/** Kernels that give a tensor's own values in another form. */
const forms: ReadonlySet<string> = new Set(['Reshape', 'Identity', 'Cast']);

export class OutlineEngine implements Engine {
  readonly name = 'onnx';
  readonly threads = null;
  readonly version = 'none: steps are recorded, not run';
  readonly steps: StepOutline[] = [];
  readonly #backend: RecordingBackend;
  readonly #witness: (() => Accuse) | null;

  /**
   * @param witness Where it is given, steps are recorded as often as they are when they are compiled, so that what changes from call to call
   *   is found, and put to the account of who made it. Without it once, which takes half the time.
   */
  constructor(witness: (() => Accuse) | null = null) {
    registerMissingGradients();
    this.#witness = witness;
    this.#backend = recordingBackend();
    activateBackend(backendName);
  }

  async compile<I extends InputSpecs>(name: string, inputs: I, step: StepFunction<I>): Promise<CompiledStep<I>> {
    if (tf.getBackend() !== backendName) await tf.setBackend(backendName);
    const backend = this.#backend;
    const firstUses = new Map<tf.Variable, FirstUse>();
    const known = new Map(Object.values(tf.engine().registeredVariables).map((variable) => [variable.dataId, variable]));
    backend.onKernel = (kernel, given, outputs) => {
      const [output] = outputs;
      if (output === undefined) return;
      for (const { dataId } of given) {
        const variable = known.get(dataId);
        if (variable === undefined) continue;
        if (forms.has(kernel)) known.set(output.dataId, variable);
        else if (!firstUses.has(variable)) firstUses.set(variable, { kernel, shape: output.shape });
      }
    };
    try {
      const recording = this.#record(name, inputs, step);
      const { outputs, groups, rest } = divide(recording);
      const assigned = rest.map(({ variable, value }) => ({ name: variable, value }));
      const cuts = groups
        .flatMap(({ operands, scalars }) => [...operands, ...scalars])
        .map((value, i) => ({ name: `cut_${String(i)}`, value }));
      const fetched = fuseNodes(recording.graph, [...outputs, ...assigned, ...cuts]);
      const numFeeds = recording.graph.inputs.length + fetched.length;
      this.steps.push({
        name,
        firstUses,
        numFeeds,
        ...costOf(
          fetched.map(({ value }) => value),
          groups,
        ),
      });
    } finally {
      backend.onKernel = null;
    }
    return {
      run: () => Promise.reject(new Error(`step "${name}" was recorded to be looked at, and cannot run`)),
      commit: () => undefined,
      describe: () => null,
      dispose: () => Promise.resolve(),
    };
  }

  #record<I extends InputSpecs>(name: string, inputs: I, step: StepFunction<I>): Recording {
    if (this.#witness === null) return glance(this.#backend, name, inputs, step);
    const [recording] = record(this.#backend, [{ name, inputs, step }], this.#witness);
    if (recording === undefined) throw new Error('nothing was recorded');
    return recording;
  }

  declare(shape: readonly number[], trainable: boolean): tf.Variable {
    activateBackend(backendName);
    const dataId = this.#backend.declare(shape);
    const initial = tf.engine().makeTensorFromTensorInfo({ dataId, shape: [...shape], dtype: 'float32' });
    try {
      return tf.variable(initial, trainable);
    } finally {
      initial.dispose();
    }
  }

  variable(): never {
    throw new Error('an engine that runs nothing keeps no values: declare the variable');
  }

  write(): never {
    throw new Error('an engine that runs nothing keeps no values');
  }

  read(): never {
    throw new Error('an engine that runs nothing keeps no values');
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}
