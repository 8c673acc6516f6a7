/** The library: load an experiment, run it, define a component. */
import type { LoadedExperiment } from './runner/config/load.js';
import type { AnyComponent } from './registry/define.js';
import type { Finding } from './verify/examination.js';
import { silentProgress, type ProgressSink } from './runner/output/progress.js';
import { createRegistry } from './runner/registry.js';
import type { RunResult } from './runner/run.js';
import { loadRun, visitRuns } from './runner/sweep/runs.js';

export * from './author.js';
export { ConfigError } from './registry/errors.js';
export { createEngine, hostTensor, withLabel, EngineUnavailableError, TraceError } from './engine/index.js';
export type { CompiledStep, CompileOptions, Engine, EngineName, InputSpec, InputSpecs, StepArray, StepFunction } from './engine/index.js';
export { DataError } from './components/shared/data-error.js';
export { RunError } from './runner/errors.js';
export type { ProgressSink } from './runner/output/progress.js';
export type { RunRecord, RunStatus } from './runner/output/record.js';
export type { LoadedExperiment } from './runner/config/load.js';
export type { RunResult } from './runner/run.js';
export { packageVersion as version } from './runner/version.js';
export type { Finding } from './verify/examination.js';

/** What is added to a file when it is loaded. */
export interface LoadOptions {
  /** Values that replace those of the file, as behind `--set`: `model.latent=2`. */
  readonly overrides?: readonly string[];
  /** Components of your own that the file may name beside those of the package. */
  readonly components?: readonly AnyComponent[];
  /** The name of a run, of a file with `sweep` or `seeds`. */
  readonly variant?: string;
}

/**
 * Reads and checks an experiment file; nothing runs, no data is loaded.
 * @throws ConfigError with every fault; also where the file declares several runs, and `variant` names none of them.
 */
export const loadExperiment = async (
  file: string,
  { overrides = [], components = [], variant }: LoadOptions = {},
): Promise<LoadedExperiment> => loadRun(file, { registry: createRegistry(components), overrides }, variant ?? null);

/**
 * All runs that a file declares with `sweep` and `seeds`, in its order; a file without them has one.
 * @throws ConfigError with every fault of every run.
 */
export const loadVariants = async (
  file: string,
  { overrides = [], components = [] }: Omit<LoadOptions, 'variant'> = {},
): Promise<readonly LoadedExperiment[]> => {
  const { results, error } = await visitRuns(file, { registry: createRegistry(components), overrides }, (loaded) => loaded);
  if (error !== null) throw error;
  return results;
};

/** Where a run goes, who is told of it, and what ends it early. */
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
export const run = async (
  experiment: LoadedExperiment,
  { results = 'results', progress = silentProgress, signal }: RunExperimentOptions = {},
): Promise<RunResult> => {
  // A plug-in imports this file when an experiment is merely checked: what only a run needs comes with the run.
  const [{ createContainer, partsOf }, { runExperiment }] = await Promise.all([
    import('./runner/assemble/container.js'),
    import('./runner/run.js'),
  ]);
  return runExperiment(partsOf(createContainer({ experiment, results, progress })), signal);
};

/**
 * The conformance kit, as in `latentlab verify`: tries components beside those of the package (and `others`).
 * @returns What was found, check by check; `failed` findings say what does not hold.
 */
export const verify = async (components: readonly AnyComponent[], others: readonly AnyComponent[] = []): Promise<readonly Finding[]> => {
  const { verifyComponents } = await import('./verify/verify.js');
  return verifyComponents(components, [...createRegistry().all(), ...others]);
};
