/** What an engine is: it makes step functions, written in plain TensorFlow.js, fast. */
import type * as tf from '@tensorflow/tfjs-core';

/** Every engine, the default first. */
export const engineNames = ['onnx', 'tensorflow', 'wasm', 'cpu'] as const;
/** One of them: `onnx` compiles steps, the others run kernel by kernel. */
export type EngineName = (typeof engineNames)[number];

/** Element types that go in and out of a step. */
export type StepDataType = 'float32' | 'int32' | 'bool';
/** Values of a tensor on the host, row-major. */
export type StepArray = Float32Array | Int32Array | Uint8Array;

/** Shape and element type of an input, which are compiled in. */
export interface InputSpec {
  readonly shape: readonly number[];
  readonly dtype: StepDataType;
}
/** Inputs of a step by name. */
export type InputSpecs = Readonly<Record<string, InputSpec>>;

/**
 * A function of tensors that may read and assign any tf.Variable. It must do the same each time it is called: no branch on a tensor's
 * value, no reading of values, no randomness of its own (see `hostTensor`).
 */
export type StepFunction<I extends InputSpecs> = (inputs: { readonly [Name in keyof I]: tf.Tensor }) => Readonly<Record<string, tf.Tensor>>;

/** A step of several that run one after another, with the same feeds of the same names, on the same tick. */
export interface SequenceStep<I extends InputSpecs> {
  readonly name: string;
  readonly inputs: I;
  readonly step: StepFunction<I>;
}

/** A step that was made ready to run, as often as wanted. */
export interface CompiledStep<I extends InputSpecs> {
  /**
   * Runs the step once. `tick` is handed to what fills host tensors. The arrays that come back are reused by the next run: copy what must
   * stay. Throws TraceError (`input-shape`, `unknown-input`) if the feeds do not fit.
   */
  run(feeds: { readonly [Name in keyof I]: StepArray }, tick?: number): Promise<Readonly<Record<string, StepArray>>>;
  /**
   * Keeps or drops what the last run assigned to variables. A step compiled with `confirm: true` leaves every variable as it was until
   * `commit` is called, so that a caller can look at a loss before it is acted on.
   */
  commit(): void;
  /** The compiled form as text, for golden files and curious eyes; null where steps run eagerly. */
  describe(): string | null;
  dispose(): Promise<void>;
}

/** What may be said of a step when it is compiled; all of it may be left out. */
export interface CompileOptions {
  /** Assignments wait for `commit`; default false: they take effect with the run. */
  readonly confirm?: boolean;
  /**
   * Other steps run between two runs of this one. Its threads then sleep when a run is over: those that wait awake for the next run would
   * take the cores of the other steps.
   */
  readonly alternates?: boolean;
  /** Writes a profile per run of the step (onnx only) to a file that starts so. */
  readonly profile?: string;
}

/** Makes steps and variables, which belong to it and end with it (`dispose`). */
export interface Engine {
  readonly name: EngineName;
  /** Threads that a step's operators share; null where the engine decides. */
  readonly threads: number | null;
  /** Version of what runs the steps. */
  readonly version: string;
  compile<I extends InputSpecs>(name: string, inputs: I, step: StepFunction<I>, options?: CompileOptions): Promise<CompiledStep<I>>;
  /**
   * Compiles steps that always run in this order, each committed before the next: what one has computed and a later one needs again is then
   * handed on. A tensor of one must not be used in another, but host tensors may. Absent where nothing would be gained.
   */
  compileSequence?<I extends InputSpecs>(steps: readonly SequenceStep<I>[], options?: CompileOptions): Promise<readonly CompiledStep<I>[]>;
  /** Makes a variable's values those of the host array. */
  write(variable: tf.Variable, values: StepArray): void;
  /** A variable's present values, copied. */
  read(variable: tf.Variable): StepArray;
  /** Creates a variable. Variables belong to the engine that made them. */
  variable(values: StepArray, shape: readonly number[], trainable?: boolean): tf.Variable;
  /** Creates a float32 variable that has a shape and no values: what an engine offers that runs nothing. */
  declare?(shape: readonly number[], trainable: boolean): tf.Variable;
  dispose(): Promise<void>;
}

/** The tensors (or whatever `map` makes) of each input, under its name. */
export const mapInputs = <I extends InputSpecs, R>(
  inputs: I,
  map: (name: string, spec: InputSpec) => R,
): { readonly [Name in keyof I]: R } =>
  Object.fromEntries(Object.entries(inputs).map(([name, spec]) => [name, map(name, spec)])) as { readonly [Name in keyof I]: R };
