/** A recorded step as an onnxruntime session: buffers that are made once, variables that swap instead of being copied. */
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { CompiledStep, InputSpec, InputSpecs, StepArray, StepDataType } from '../engine.js';
import { TraceError } from '../errors.js';
import type { Entry, RecordingBackend } from './backend.js';
import { describeGraph, describeLoops } from './describe.js';
import type { FusedGroup } from './fused/plan.js';
import type { FusedKernels } from './fused/run.js';
import { assignmentName, inputName, outputName } from './names.js';
import type { Recording } from './record.js';
import type { GraphOutput, SerializedGraph } from './serialize.js';
import { runUncopied } from './uncopied.js';
import { filledArray, sizeOf } from './values.js';

export type OrtModule = typeof import('onnxruntime-node');

export interface SessionParts {
  readonly ort: OrtModule;
  readonly session: InferenceSession;
  readonly backend: RecordingBackend;
  readonly recording: Recording;
  readonly serialized: SerializedGraph;
  /** Assignments that fused loops make, when a run is committed. */
  readonly fused: FusedKernels;
  readonly groups: readonly FusedGroup[];
  /** Inputs of variables whose assignments onnxruntime makes. */
  readonly assignedByGraph: ReadonlySet<string>;
  /** The steps of the sequence that run before this one, the last one first. */
  readonly before: readonly Predecessor[];
  /** What this one leaves for later steps, under the names of fetches. */
  readonly left: readonly GraphOutput[];
}

/** What a step of a sequence has of those before it. */
interface Predecessor {
  /** That of the last run. */
  readonly tick: number | null;
  /** What it was fed as host tensor, or has left, under this name. */
  shared(name: string): OrtTensor | undefined;
}

interface Slot {
  readonly name: string;
  readonly spec: InputSpec;
}

export class CompiledOnnxStep<I extends InputSpecs> implements CompiledStep<I>, Predecessor {
  readonly #name: string;
  readonly #inputs: I;
  readonly #confirm: boolean;
  readonly #parts: SessionParts;
  readonly #used: ReadonlySet<string>;
  readonly #host: readonly { readonly array: StepArray; readonly fill: (out: StepArray, tick: number) => void }[];
  readonly #feeds: Record<string, OrtTensor> = {};
  readonly #fetches: Record<string, OrtTensor> = {};
  readonly #results: Record<string, StepArray> = {};
  /** Entries whose spare buffer holds what the last run assigned. */
  #pending: Entry[] = [];
  #uncommitted = false;
  #disposed = false;
  #tick: number | null = null;
  readonly #shared = new Map<string, OrtTensor>();

  constructor(name: string, inputs: I, parts: SessionParts, confirm: boolean) {
    this.#name = name;
    this.#inputs = inputs;
    this.#confirm = confirm;
    this.#parts = parts;
    this.#used = new Set(parts.serialized.inputs.map((value) => parts.serialized.nameOf(value)));
    // What an earlier step of the sequence has filled, or computed, is there already.
    for (const name of this.#used) {
      const tensor = parts.before.map((step) => step.shared(name)).find((found) => found !== undefined);
      if (tensor) this.#feeds[name] = tensor;
    }
    this.#host = parts.recording.hostTensors.flatMap((host) => {
      if (!this.#used.has(host.name) || this.#feeds[host.name]) return [];
      const tensor = this.#allocate(host);
      this.#feeds[host.name] = tensor;
      this.#shared.set(host.name, tensor);
      return [{ array: dataOf(tensor), fill: host.fill }];
    });
    for (const { name, value } of parts.left) {
      const tensor = this.#allocate({ name, spec: { shape: value.shape, dtype: value.dtype as StepDataType } });
      this.#fetches[name] = tensor;
      this.#shared.set(name, tensor);
    }
    for (const [output, value] of parts.recording.outputs) {
      const tensor = this.#allocate({ name: output, spec: { shape: value.shape, dtype: value.dtype as StepDataType } });
      this.#fetches[outputName(output)] = tensor;
      this.#results[output] = dataOf(tensor);
    }
  }

  get tick(): number | null {
    return this.#tick;
  }

  shared(name: string): OrtTensor | undefined {
    return this.#shared.get(name);
  }

  async run(feeds: { readonly [Name in keyof I]: StepArray }, tick = 0): Promise<Readonly<Record<string, StepArray>>> {
    const { backend, recording, fused, assignedByGraph, session, before } = this.#parts;
    if (before.some((step) => step.tick !== tick))
      throw new Error(
        `step "${this.#name}" takes over what the steps before it have computed, and they have not run on tick ${String(tick)}`,
      );
    this.#tick = tick;
    this.#pending = [];
    this.#uncommitted = false;
    for (const { variable, assigned } of recording.variables) if (assigned) backend.separate(variable);
    for (const host of this.#host) host.fill(host.array, tick);
    this.#feedInputs(feeds);
    fused.place();
    for (const { variable, name } of recording.variables) {
      const entry = backend.entry(variable.dataId);
      if (this.#used.has(name)) this.#feeds[name] = entry.tensor((values) => this.#wrap(entry.dtype, values, entry.shape));
      if (!assignedByGraph.has(name)) continue;
      entry.spare ??= this.#allocate({ name, spec: entry });
      this.#fetches[assignmentName(name)] = entry.spare;
      this.#pending.push(entry);
    }
    for (const { name, value, block } of fused.cuts)
      if (this.#fetches[name]?.data !== block.array) this.#fetches[name] = this.#wrap('float32', block.array, value.shape);
    await runUncopied(session, this.#feeds, this.#fetches);
    this.#uncommitted = true;
    if (!this.#confirm) this.commit();
    return this.#results;
  }

  commit(): void {
    if (!this.#uncommitted) return;
    this.#uncommitted = false;
    for (const entry of this.#pending) if (entry.spare) entry.swap(entry.spare, dataOf(entry.spare));
    this.#parts.fused.run();
  }

  describe(): string {
    return describeGraph(this.#parts.serialized) + describeLoops(this.#parts.groups, this.#parts.fused.cuts);
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#parts.fused.dispose();
    await this.#parts.session.release();
  }

  #feedInputs(feeds: { readonly [Name in keyof I]: StepArray }): void {
    const given: Readonly<Record<string, StepArray>> = feeds;
    for (const name of Object.keys(given)) {
      if (!(name in this.#inputs))
        throw new TraceError(
          'unknown-input',
          `step "${this.#name}" has no input "${name}"; it takes ${Object.keys(this.#inputs).join(', ')}`,
          [],
        );
    }
    for (const [name, spec] of Object.entries(this.#inputs)) {
      const array = given[name];
      if (array?.length !== sizeOf(spec.shape)) {
        throw new TraceError(
          'input-shape',
          `step "${this.#name}" was compiled for "${name}" of shape [${spec.shape.join(', ')}], ${String(sizeOf(spec.shape))} values, and got ${String(array?.length ?? 0)}; compile it again for another shape`,
          [],
        );
      }
      // The same array again needs no new tensor around it.
      const fed = inputName(name);
      if (this.#used.has(fed) && this.#feeds[fed]?.data !== array) this.#feeds[fed] = this.#wrap(spec.dtype, array, spec.shape);
    }
  }

  #allocate({ spec }: Slot): OrtTensor {
    const array = filledArray(spec.dtype, sizeOf(spec.shape), 0);
    if (array instanceof BigInt64Array) throw new Error('int64 does not leave a step');
    return this.#wrap(spec.dtype, array, spec.shape);
  }

  #wrap(dtype: StepDataType, array: StepArray, shape: readonly number[]): OrtTensor {
    const { Tensor } = this.#parts.ort;
    if (dtype === 'float32' && array instanceof Float32Array) return new Tensor('float32', array, shape);
    if (dtype === 'int32' && array instanceof Int32Array) return new Tensor('int32', array, shape);
    if (dtype === 'bool' && array instanceof Uint8Array) return new Tensor('bool', array, shape);
    throw new TraceError('input-shape', `step "${this.#name}" needs ${dtype} values and got a ${array.constructor.name}`, []);
  }
}

const dataOf = (tensor: OrtTensor): StepArray => {
  const { data } = tensor;
  if (data instanceof Float32Array || data instanceof Int32Array || data instanceof Uint8Array) return data;
  throw new Error(`a tensor of type ${tensor.type} does not belong into a step`);
};
