/** The engine that compiles each step into one ONNX graph and runs it with onnxruntime's CPU kernels. */
import * as tf from '@tensorflow/tfjs-core';
import { availableParallelism } from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';
import type { CompiledStep, CompileOptions, Engine, InputSpecs, SequenceStep, StepArray, StepFunction } from '../engine.js';
import { activateBackend } from '../activate.js';
import { EngineUnavailableError } from '../errors.js';
import { backendName, recordingBackend, type RecordingBackend } from './backend.js';
import { CompiledOnnxStep, type OrtModule } from './compiled.js';
import { Arena } from './fused/arena.js';
import { divide } from './fused/divide.js';
import type { FusedGroup } from './fused/plan.js';
import { FusedKernels } from './fused/run.js';
import { assignmentName } from './names.js';
import { fuseNodes } from './passes/fuse.js';
import { record, type Recording } from './record.js';
import { handedName, planSequence } from './sequence.js';
import { serializeGraph, type GraphOutput } from './serialize.js';

export interface OnnxOptions {
  /** Threads of an operator; null: one per core, eight at most, as the layers of these models are too small to share among more. */
  readonly threads: number | null;
}

export const createOnnxEngine = async ({ threads }: OnnxOptions): Promise<Engine> => {
  // Read once, when the library starts: from 1.29 on it reports use to its makers unless it is told not to.
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
  const ort = await import('onnxruntime-node').catch((error: unknown) => {
    throw new EngineUnavailableError('onnx', error instanceof Error ? error.message : String(error));
  });
  return new OnnxEngine(ort, recordingBackend(), threads ?? Math.min(8, availableParallelism()));
};

/** A step between recording and session. */
interface DividedRecording {
  readonly recording: Recording;
  readonly groups: readonly FusedGroup[];
  readonly fused: FusedKernels;
  readonly fetched: readonly GraphOutput[];
  readonly assignedByGraph: ReadonlySet<string>;
}

/** Rewrites see the readers of all steps of a sequence. Gives what each step fetches. */
const rewriteTogether = (steps: readonly DividedRecording[]): readonly (readonly GraphOutput[])[] => {
  const [first] = steps;
  if (!first) return [];
  const rewritten = fuseNodes(
    first.recording.graph,
    steps.flatMap(({ fetched }) => fetched),
  );
  const ends = steps.map((_, i) => steps.slice(0, i + 1).reduce((sum, { fetched }) => sum + fetched.length, 0));
  return ends.map((end, i) => rewritten.slice(ends[i - 1] ?? 0, end));
};

class OnnxEngine implements Engine {
  readonly name = 'onnx';
  readonly threads: number;
  readonly version: string;
  readonly #ort: OrtModule;
  readonly #backend: RecordingBackend;
  readonly #arena = new Arena();
  readonly #steps = new Set<{ dispose(): Promise<void> }>();

  constructor(ort: OrtModule, backend: RecordingBackend, threads: number) {
    this.#ort = ort;
    this.#backend = backend;
    this.threads = threads;
    this.version = `onnxruntime ${ort.env.versions.node ?? ort.env.versions.common}`;
  }

  async compile<I extends InputSpecs>(
    name: string,
    inputs: I,
    step: StepFunction<I>,
    options: CompileOptions = {},
  ): Promise<CompiledStep<I>> {
    const [compiled] = await this.compileSequence([{ name, inputs, step }], options);
    if (!compiled) throw new Error('nothing was compiled');
    return compiled;
  }

  async compileSequence<I extends InputSpecs>(
    steps: readonly SequenceStep<I>[],
    options: CompileOptions = {},
  ): Promise<readonly CompiledStep<I>[]> {
    if (tf.getBackend() !== backendName) await tf.setBackend(backendName);
    const divided = record(this.#backend, steps).map((recording) => this.#divide(recording));
    const parts = planSequence(rewriteTogether(divided));
    const compiled: CompiledOnnxStep<I>[] = [];
    for (const [i, { name, inputs }] of steps.entries()) {
      const [step, part] = [divided[i], parts[i]];
      if (!step || !part) throw new Error(`step "${name}" was not recorded`);
      const left = [...part.left].map((value) => ({ name: handedName(value), value }));
      const received = new Map([...part.received].map((value) => [value, handedName(value)]));
      const serialized = serializeGraph([...part.outputs, ...left], { uncopied: true, within: part.within, received });
      const session = await this.#createSession(serialized.bytes, i, options);
      const { recording, fused, groups, assignedByGraph } = step;
      const own = { ort: this.#ort, session, backend: this.#backend, recording, serialized, fused, groups, assignedByGraph };
      compiled.push(new CompiledOnnxStep(name, inputs, { ...own, before: [...compiled].reverse(), left }, options.confirm ?? false));
    }
    for (const step of compiled) this.#steps.add(step);
    return compiled;
  }

  /** What onnxruntime is to compute of a step, and what fused loops do afterwards. */
  #divide(recording: Recording): DividedRecording {
    const { outputs, groups, rest } = divide(recording);
    const variables = new Map(recording.variables.map((recorded) => [recorded.name, recorded.variable]));
    const fused = new FusedKernels(groups, variables, this.#arena, this.#backend);
    const assigned = rest.map(({ variable, value }) => ({ name: assignmentName(variable), value }));
    const fetched = [...outputs, ...assigned, ...fused.cuts];
    // A model without a value is none, and a step may have nothing to do.
    if (fetched.length === 0) fetched.push({ name: 'nothing', value: recording.graph.scalar(0) });
    return { recording, fused, groups, fetched, assignedByGraph: new Set(rest.map(({ variable }) => variable)) };
  }

  #createSession(bytes: Uint8Array, index: number, { alternates, profile }: CompileOptions): Promise<InferenceSession> {
    return this.#ort.InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      intraOpNumThreads: this.threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      // Moments of rarely active weights decay into denormal numbers, which processors compute up to a hundred times slower.
      extra: { session: { set_denormal_as_zero: '1', force_spinning_stop: alternates === true ? '1' : '0' } },
      logSeverityLevel: 3,
      ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: `${profile}-${String(index)}` }),
    });
  }

  variable(values: StepArray, shape: readonly number[], trainable = true): tf.Variable {
    const engine = tf.engine();
    activateBackend(backendName);
    const dtype = values instanceof Float32Array ? 'float32' : values instanceof Int32Array ? 'int32' : 'bool';
    const dataId = this.#backend.write(values, [...shape], dtype);
    const initial = engine.makeTensorFromTensorInfo({ dataId, shape: [...shape], dtype });
    try {
      return tf.variable(initial, trainable);
    } finally {
      initial.dispose();
    }
  }

  write(variable: tf.Variable, values: StepArray): void {
    this.#backend.entry(variable.dataId).overwrite(values);
  }

  read(variable: tf.Variable): StepArray {
    const { values } = this.#backend.entry(variable.dataId);
    if (!values) throw new Error('a variable without values');
    return values.slice();
  }

  async dispose(): Promise<void> {
    for (const step of this.#steps) await step.dispose();
    this.#steps.clear();
  }
}
