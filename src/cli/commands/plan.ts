/** `latentlab plan FILE...`: what runs will compute, take and leave, and whether they can; nothing is trained or written. */
import { EngineUnavailableError } from '../../engine/index.js';
import { ConfigError } from '../../registry/errors.js';
import type { Registry } from '../../registry/registry.js';
import { loadExperiment } from '../../runner/config/load.js';
import { planRun, type RunPlan, type SpeedOf } from '../../runner/plan/plan.js';
import { listRuns } from '../../runner/plan/runs.js';
import { measureSpeed, type Speed } from '../../runner/plan/speed.js';
import { isUserError } from '../../runner/user-errors.js';
import type { Io } from '../io.js';
import { describePlan, describePlans } from '../plan-text.js';

export interface PlanOptions {
  readonly set: readonly string[];
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

/** Exit code: 0; 1 where data cannot be had; 2 where an experiment is wrong, or none is given. */
export const runPlan = async (paths: readonly string[], options: PlanOptions, io: Io, registry: Registry): Promise<number> => {
  const runs = await listRuns(paths, options.set);
  if (runs.length === 0) {
    io.err(`There is no experiment in ${paths.join(', ')}: it would be a file that ends in .yaml.`);
    return 2;
  }
  const speedOf = rememberSpeeds();
  const plans: RunPlan[] = [];
  let exitCode = 0;
  for (const { file, overrides } of runs) {
    try {
      plans.push(await planRun(await loadExperiment(file, { registry, overrides }), speedOf));
    } catch (error) {
      if (!isUserError(error)) throw error;
      const isConfig = error instanceof ConfigError;
      exitCode = Math.max(exitCode, isConfig ? 2 : 1);
      io.err(isConfig ? `${error.message}\n` : `latentlab: ${file}: ${error.message}\n`);
    }
  }
  const [only] = plans;
  if (options.json) io.out(JSON.stringify(plans, null, 2));
  else if (runs.length === 1 && only !== undefined) io.out(describePlan(only, options.verbose));
  else if (plans.length > 0) io.out(describePlans(plans));
  return exitCode;
};
