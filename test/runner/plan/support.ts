/** Plans of experiments that are written here, with components of their own. */
import { join } from 'node:path';
import type { AnyComponent } from '../../../src/author.js';
import { ConfigError, loadExperiment } from '../../../src/index.js';
import { planRun, type RunPlan } from '../../../src/runner/plan/plan.js';
import { writeInto } from '../../components/shared/temporary.js';
import { temporaryFolder } from '../output/support.js';

/** Without a measurement of this machine. */
export const planFile = async (
  file: string,
  components: readonly AnyComponent[] = [],
  overrides: readonly string[] = [],
): Promise<RunPlan> => planRun(await loadExperiment(file, { components, overrides }), () => Promise.resolve(null));

export const planText = (yaml: string, components: readonly AnyComponent[] = []): Promise<RunPlan> =>
  planFile(writeInto(temporaryFolder(), 'planned.yaml', yaml), components);

export interface ToldFault {
  readonly code: string;
  readonly path: string;
  /** The line that it is told at. */
  readonly line: string;
  readonly message: string;
}

/** The faults of an experiment that cannot be planned. */
export const faultsIn = async (yaml: string, components: readonly AnyComponent[] = []): Promise<readonly ToldFault[]> => {
  const error = await planText(yaml, components).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConfigError)) throw new Error(`planning gave no ConfigError, but ${String(error)}`, { cause: error });
  return error.faults.map(({ fault, place }) => ({
    code: fault.code,
    path: fault.path.join('.'),
    line: place.kind === 'file' && place.span !== null ? (yaml.split('\n')[place.span.line - 1] ?? '').trim() : '',
    message: error.message,
  }));
};

export const configOf = (name: string): string => join(import.meta.dirname, '../../../configs', `${name}.yaml`);
