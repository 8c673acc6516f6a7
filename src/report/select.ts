/** Which runs and figures a report is of: those of `--where`, and figures that can stand beside each other. */
import { assertComparable } from './comparable.js';
import { ReportError } from './errors.js';
import { chooseMetrics, type Suggest } from './metrics.js';
import type { ReportedRun } from './runs.js';
import { createExperiments, type Experiments } from './values.js';

export interface SelectOptions {
  readonly metrics: readonly string[];
  /** `path=value` that must hold. */
  readonly where: readonly string[];
  readonly suggest: Suggest;
}

export interface Selection {
  readonly runs: readonly ReportedRun[];
  /** Columns. */
  readonly metrics: readonly string[];
  readonly experiments: Experiments;
}

const filterRuns = async (
  runs: readonly ReportedRun[],
  where: readonly string[],
  experiments: Experiments,
): Promise<readonly ReportedRun[]> => {
  const conditions = where.map((text) => {
    const [, path, wanted] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (path === undefined || wanted === undefined)
      throw new ReportError(`--where ${text} is no path=value, such as --where model.latent=2`);
    return { path, wanted };
  });
  const kept: ReportedRun[] = [];
  for (const run of runs) {
    let holds = true;
    // What is not there is "-" in tables, and null in experiments.
    for (const { path, wanted } of conditions)
      holds &&= ((await experiments.value(run, path)) ?? (wanted === 'null' ? wanted : '-')) === wanted;
    if (holds) kept.push(run);
  }
  return kept;
};

/** @throws ReportError where no run fits, for a figure that none has, and for figures that cannot be compared. */
export const selectRuns = async (all: readonly ReportedRun[], { metrics: names, where, suggest }: SelectOptions): Promise<Selection> => {
  const experiments = createExperiments();
  const runs = await filterRuns(all, where, experiments);
  if (runs.length === 0)
    throw new ReportError(all.length === 0 ? 'there are no runs' : `none of ${String(all.length)} runs fits ${where.join(' and ')}`);
  const metrics = chooseMetrics(runs, names, suggest);
  assertComparable(runs, metrics);
  return { runs, metrics, experiments };
};
