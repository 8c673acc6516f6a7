/** The library: load an experiment, run it, define a component. */
import { loadExperiment as load, type LoadedExperiment } from './runner/config/load.js';
import type { AnyComponent } from './registry/define.js';
import { createContainer, partsOf } from './runner/assemble/container.js';
import { silentProgress, type ProgressSink } from './runner/output/progress.js';
import { createRegistry } from './runner/registry.js';
import { runExperiment, type RunResult } from './runner/run.js';

export * from './registry/contracts/index.js';
export { defineComponent, type AnyComponent, type Component } from './registry/define.js';
export { ConfigError } from './registry/errors.js';
export type { Kind, Kinds } from './registry/kinds.js';
export type { Params, ValuesOf } from './registry/params.js';
export { createEngine, hostTensor, withLabel, EngineUnavailableError, TraceError } from './engine/index.js';
export type { CompiledStep, CompileOptions, Engine, EngineName, InputSpec, InputSpecs, StepArray, StepFunction } from './engine/index.js';
export { DataError } from './components/shared/data-error.js';
export { RunError } from './runner/errors.js';
export type { ProgressSink } from './runner/output/progress.js';
export type { RunRecord, RunStatus } from './runner/output/record.js';
export type { LoadedExperiment } from './runner/config/load.js';
export type { RunResult } from './runner/run.js';
export { packageVersion as version } from './runner/version.js';

export interface LoadOptions {
  /** Values that replace those of the file, as behind `--set`: `model.latent=2`. */
  readonly overrides?: readonly string[];
  /** Components of your own that the file may name beside those of the package. */
  readonly components?: readonly AnyComponent[];
}

/**
 * Reads and checks an experiment file; nothing runs, no data is loaded.
 * @throws ConfigError with every fault.
 */
export const loadExperiment = async (file: string, { overrides = [], components = [] }: LoadOptions = {}): Promise<LoadedExperiment> =>
  load(file, { registry: createRegistry(components), overrides });

export interface RunExperimentOptions {
  /** Folder that run folders are made in; default `results`. */
  readonly results?: string;
  /** Told what happens; default: nobody. */
  readonly progress?: ProgressSink;
  /** Ends training after the step in progress. */
  readonly signal?: AbortSignal;
}

/**
 * Trains an experiment.
 * @throws DataError, EngineUnavailableError, RunError, TraceError; ConfigError where only the data could tell that something does not fit.
 */
export const run = (
  experiment: LoadedExperiment,
  { results = 'results', progress = silentProgress, signal }: RunExperimentOptions = {},
): Promise<RunResult> => runExperiment(partsOf(createContainer({ experiment, results, progress })), signal);
