/** Records a step function: runs it once on tensors without values and keeps the graph of what it did. */
import * as tf from '@tensorflow/tfjs-core';
import { createHash } from 'node:crypto';
import { mapInputs, type InputSpec, type InputSpecs, type SequenceStep, type StepArray, type StepFunction } from '../engine.js';
import { TraceError, type Accuse } from '../errors.js';
import { withHostTensors } from '../host-tensor.js';
import { currentLabels, withLabel } from '../labels.js';
import type { Entry, RecordingBackend } from './backend.js';
import { Graph } from './graph.js';
import { inputName } from './names.js';
import { filledArray, sizeOf, type Value } from './values.js';

export interface RecordedHostTensor {
  readonly name: string;
  readonly spec: InputSpec;
  readonly fill: (out: StepArray, tick: number) => void;
}

export interface RecordedVariable {
  readonly variable: tf.Variable;
  /** Name of the graph input that carries its value; one that an earlier step of the sequence assigned is another input from then on. */
  readonly name: string;
  /** What the step assigned; null if it only read. */
  readonly assigned: Value | null;
}

export interface Recording {
  /** Shared by the steps of a sequence. */
  readonly graph: Graph;
  readonly outputs: ReadonlyMap<string, Value>;
  readonly variables: readonly RecordedVariable[];
  /** Those that it, or an earlier step of the sequence, asked for. */
  readonly hostTensors: readonly RecordedHostTensor[];
}

/** A number that the step has at hand while it is recorded: in data of its own, or in what a kernel is told beside its tensors. */
interface UsedConstant {
  readonly digest: string;
  readonly labels: readonly string[];
  readonly accuse: Accuse | null;
}

/**
 * Records until two recordings in a row agree: optimizers of TensorFlow.js make their variables in the first, and a constant that differs
 * between two is a draw of randomness that the compiled step would repeat for ever.
 * @param witness Asked whenever data is made, so that such a draw is put to the account of who has made it.
 */
export const record = <I extends InputSpecs>(
  backend: RecordingBackend,
  steps: readonly SequenceStep<I>[],
  witness: (() => Accuse) | null = null,
): readonly Recording[] => {
  let previous = recordOnce(backend, steps, witness);
  for (let attempt = 0; attempt < 3; attempt++) {
    const next = recordOnce(backend, steps, witness);
    if (!previous.createdVariables) {
      compareConstants(previous.constants, next.constants);
      return next.recordings;
    }
    previous = next;
  }
  const labels = [...currentLabels(), ...steps.map(({ name }) => `step ${name}`)];
  throw new TraceError('unstable-step', 'the step makes new variables each time it is called; make them once, outside', labels);
};

/** Records once: for a look at what a step is, which tells nothing of what changes from call to call. */
export const glance = <I extends InputSpecs>(backend: RecordingBackend, name: string, inputs: I, step: StepFunction<I>): Recording => {
  const [recording] = recordOnce(backend, [{ name, inputs, step }], null).recordings;
  if (!recording) throw new Error('nothing was recorded');
  return recording;
};

interface Attempt {
  readonly recordings: readonly Recording[];
  readonly constants: readonly UsedConstant[];
  readonly createdVariables: boolean;
}

const recordOnce = <I extends InputSpecs>(
  backend: RecordingBackend,
  steps: readonly SequenceStep<I>[],
  witness: (() => Accuse) | null,
): Attempt => {
  const graph = new Graph();
  const known = registeredVariables(backend);
  for (const variable of known) backend.separate(variable);
  const byDataId = new Map(known.map((variable) => [variable.dataId, variable]));
  const names = new Map<tf.Variable, string>();
  const constants: UsedConstant[] = [];
  const hostTensors: RecordedHostTensor[] = [];
  const adopted: Entry[] = [];

  const nameOf = (variable: tf.Variable): string => {
    const name = names.get(variable) ?? `variable_${String(names.size)}`;
    names.set(variable, name);
    return name;
  };
  const place = (name: string, spec: InputSpec): tf.Tensor =>
    tf.engine().makeTensorFromTensorInfo(backend.tensorInfo(graph, graph.input(name, { shape: spec.shape, dtype: spec.dtype })));

  // A variable that is assigned lets go of its values; these tensors hold on to them.
  const holders = known.map((variable) => holdValues(backend, variable));
  const created = watchNewVariables(backend);
  backend.recorder = {
    graph,
    witness,
    isVariable: (dataId) => byDataId.has(dataId),
    adopt: (dataId, entry) => {
      adopted.push(entry);
      const variable = byDataId.get(dataId);
      if (variable) return graph.input(nameOf(variable), { shape: entry.shape, dtype: entry.dtype });
      const values = entry.values ?? new Float32Array();
      constants.push({ digest: digestOf(values), labels: currentLabels(), accuse: entry.accuse });
      return graph.constant(values.slice(), entry.shape, entry.dtype);
    },
    attributes: (kernel, attrs) => {
      constants.push({ digest: kernel + JSON.stringify(attrs), labels: currentLabels(), accuse: witness?.() ?? null });
    },
  };
  const recordStep = ({ inputs, step }: SequenceStep<I>, index: number): Recording => {
    const before = known.map((variable) => variable.dataId);
    const outputs = new Map<string, Value>();
    tf.tidy(() => {
      const placed = mapInputs(inputs, (name, spec) => place(inputName(name), spec));
      const results = withHostTensors(
        (name, spec, fill) => {
          const unique = `host_${String(hostTensors.length)}_${name}`;
          hostTensors.push({ name: unique, spec, fill });
          return place(unique, spec);
        },
        () => finished(step(placed)),
      );
      for (const [name, tensor] of Object.entries(results)) outputs.set(name, backend.recorded(finished(tensor)));
    });
    const variables: RecordedVariable[] = [];
    for (const [i, variable] of known.entries()) {
      const assigned = variable.dataId === before[i] ? null : backend.recorded(variable);
      if (assigned || names.has(variable)) variables.push({ variable, name: nameOf(variable), assigned });
      if (!assigned || index === steps.length - 1) continue;
      // The next step finds the new values where this one found the old ones, but they are others.
      names.set(variable, `${nameOf(variable).replace(/_after_\d+$/, '')}_after_${String(index)}`);
      const next = place(nameOf(variable), { shape: variable.shape, dtype: backend.entry(variable.dataId).dtype });
      variable.assign(next);
      next.dispose();
    }
    return { graph, outputs, variables, hostTensors: [...hostTensors] };
  };
  try {
    const recordings = steps.map((step, index) => withLabel(`step ${step.name}`, () => recordStep(step, index)));
    return { recordings, constants, createdVariables: created.variables.size > 0 };
  } finally {
    created.stop();
    // What was assigned stands for values of the recording: every variable gets back the values that it had.
    for (const [i, variable] of known.entries()) {
      const holder = holders[i];
      if (holder && variable.dataId !== holder.dataId) variable.assign(holder);
      holder?.dispose();
    }
    for (const [variable, values] of created.variables) {
      const initial = tf.tensor(values, variable.shape, variable.dtype);
      variable.assign(initial);
      initial.dispose();
    }
    backend.recorder = null;
    for (const entry of adopted) entry.recording = null;
  }
};

/** Those of other engines are none of this one's business. */
const registeredVariables = (backend: RecordingBackend): readonly tf.Variable[] => {
  const variables = new Set(Object.values(tf.engine().registeredVariables));
  return [...variables].filter((variable) => !variable.isDisposed && backend.holds(variable.dataId));
};

/** Operations that answer with a promise (tf.booleanMaskAsync, tf.whereAsync) wait for values, and types alone do not keep them out. */
const finished = <T>(result: T): T => {
  if (!(result instanceof Promise)) return result;
  // Nobody will wait for it: its own failure, a value that was read, is this one.
  result.catch(() => undefined);
  throw new TraceError(
    'value-read',
    'the step, or an operation of it, answers with a promise, so it waits for values, and there are none while a step is recorded',
    currentLabels(),
  );
};

/** A second tensor on a variable's data, so that it outlives an assignment. */
const holdValues = (backend: RecordingBackend, variable: tf.Variable): tf.Tensor => {
  backend.incRef(variable.dataId);
  return tf.keep(tf.engine().makeTensorFromTensorInfo({ dataId: variable.dataId, shape: variable.shape, dtype: variable.dtype }));
};

/**
 * TensorFlow.js's optimizers make their variables in the first step that they take. The initial values must be caught at that moment:
 * a line later they are assigned.
 */
const watchNewVariables = (
  backend: RecordingBackend,
): { readonly variables: ReadonlyMap<tf.Variable, StepArray>; readonly stop: () => void } => {
  const variables = new Map<tf.Variable, StepArray>();
  const engine = tf.engine();
  const makeVariable = engine.makeVariable.bind(engine);
  engine.makeVariable = (initialValue, ...rest) => {
    const { origin, dtype, shape } = backend.recorded(initialValue);
    const data =
      origin.kind === 'uniform' ? filledArray(dtype, sizeOf(shape), origin.fill) : origin.kind === 'constant' ? origin.data : null;
    if (!data || data instanceof BigInt64Array) {
      throw new TraceError(
        'state-from-step',
        'a variable was made from a computed tensor inside a step; make it outside, or from constants',
        currentLabels(),
      );
    }
    const variable = makeVariable(initialValue, ...rest);
    variables.set(variable, data.slice());
    return variable;
  };
  return {
    variables,
    stop: () => {
      engine.makeVariable = makeVariable;
    },
  };
};

const digestOf = (values: StepArray): string =>
  createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');

const compareConstants = (first: readonly UsedConstant[], second: readonly UsedConstant[]): void => {
  const different = second.find((constant, i) => constant.digest !== first[i]?.digest) ?? first[second.length];
  if (!different) return;
  const error = new TraceError(
    'frozen-randomness',
    'a constant of the step changes from call to call (tf.randomNormal, tf.dropout, Math.random, Date.now?), and the compiled step would repeat one draw for ever; draw from the noise that is given (a host tensor)',
    different.labels,
  );
  different.accuse?.(error);
  throw error;
};
