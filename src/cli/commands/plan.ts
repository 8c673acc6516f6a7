/** `latentlab plan FILE...`: what runs will compute, take and leave, and whether they can; nothing is trained or written. */
import { EngineUnavailableError } from '../../engine/index.js';
import { ConfigError, formatWarnings } from '../../registry/errors.js';
import type { LocatedFault } from '../../registry/faults.js';
import type { Registry } from '../../registry/registry.js';
import { lookForFiles } from '../../runner/config/find-files.js';
import { hashExperiment } from '../../runner/config/hash.js';
import type { LoadedExperiment } from '../../runner/config/load.js';
import { identityOf, planRun, type RunPlan, type SpeedOf } from '../../runner/plan/plan.js';
import { measureSpeed, type Speed } from '../../runner/plan/speed.js';
import { loadRun, visitRuns } from '../../runner/sweep/runs.js';
import { isUserError } from '../../runner/user-errors.js';
import { changesOf, type ChangeOptions } from '../changes.js';
import type { Io } from '../io.js';
import { describePlan, describePlans } from '../plan-text.js';

export interface PlanOptions extends ChangeOptions {
  /** The name of a run of a sweep: the one that is planned. */
  readonly variant?: string;
  /** Prints every variable. */
  readonly verbose: boolean;
  readonly json: boolean;
}

/** Each engine is measured once; one that is not there has no speed. */
const rememberSpeeds = (): SpeedOf => {
  const known = new Map<string, Promise<Speed | null>>();
  return (engine, threads) => {
    const key = `${engine} ${String(threads)}`;
    const speed =
      known.get(key) ??
      measureSpeed(engine, threads).catch((error: unknown) => {
        if (error instanceof EngineUnavailableError) return null;
        throw error;
      });
    known.set(key, speed);
    return speed;
  };
};

/** Runs that differ in their seed alone have one plan. */
const rememberPlans = (speedOf: SpeedOf): ((loaded: LoadedExperiment) => Promise<RunPlan>) => {
  const known = new Map<string, RunPlan>();
  return async (loaded) => {
    const { variant: key } = hashExperiment(loaded);
    const same = known.get(key);
    const plan = same === undefined ? await planRun(loaded, speedOf) : { ...same, ...identityOf(loaded) };
    known.set(key, plan);
    return plan;
  };
};

/** Exit code: 0; 1 where data cannot be had; 2 where an experiment is wrong, or none is given. */
export const runPlan = async (paths: readonly string[], options: PlanOptions, io: Io, registry: Registry): Promise<number> => {
  const { files, faults } = await lookForFiles(paths);
  const planOf = rememberPlans(rememberSpeeds());
  const plans: RunPlan[] = [];
  let exitCode = 0;
  const tell = (code: number, message: string): void => {
    exitCode = Math.max(exitCode, code);
    io.err(`${message}\n`);
  };
  const warn = (warnings: readonly LocatedFault[]): void => {
    if (warnings.length > 0) io.err(`${formatWarnings(warnings)}\n`);
  };
  if (faults.length > 0) tell(2, new ConfigError(faults).message);
  for (const file of files) {
    try {
      const how = { registry, ...changesOf(options) };
      if (options.variant !== undefined) {
        const loaded = await loadRun(file, how, options.variant);
        plans.push(await planOf(loaded));
        warn(loaded.warnings);
        continue;
      }
      const { results, error, warnings } = await visitRuns(file, how, planOf);
      plans.push(...results);
      warn(warnings);
      if (error !== null) tell(2, error.message);
    } catch (error) {
      if (!isUserError(error)) throw error;
      if (error instanceof ConfigError) tell(2, error.message);
      else tell(1, `latentlab: ${file}: ${error.message}`);
    }
  }
  const [only] = plans;
  if (options.json) io.out(JSON.stringify(plans, null, 2));
  else if (plans.length === 1 && files.length === 1 && only !== undefined) io.out(describePlan(only, options.verbose));
  else if (plans.length > 0) io.out(describePlans(plans));
  return exitCode;
};
