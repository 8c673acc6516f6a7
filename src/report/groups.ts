/** Runs that differ in their seed alone, or that have the same values of certain paths: means, deviations, counts, and tests between them. */
import { holm, meanOf, deviationOf, pairedTest } from './statistics.js';
import type { ReportedRun } from './runs.js';
import type { Table } from './tables.js';
import type { Experiments } from './values.js';

export interface Group {
  readonly label: string;
  readonly runs: readonly ReportedRun[];
}

/** At most so many values tell variants of one name apart; more would tell nothing. */
const maxValues = 3;

/** What a sweep says of a run: `latent=2, encoder=conv`. */
const axesText = ({ axes }: ReportedRun): string =>
  Object.entries(axes)
    .map(([axis, label]) => `${axis}=${label}`)
    .join(', ');

/** Paths at which not all experiments have one value. */
export const differingPaths = (experiments: readonly ReadonlyMap<string, string>[]): readonly string[] => {
  const paths = new Set(experiments.flatMap((values) => [...values.keys()]));
  return [...paths].filter((path) => new Set(experiments.map((values) => values.get(path))).size > 1);
};

/** Names for variants: that of the experiment, and where several have one, the values in which they differ. */
const labelVariants = async (firsts: readonly ReportedRun[], experiments: Experiments): Promise<ReadonlyMap<ReportedRun, string>> => {
  const labels = new Map<ReportedRun, string>();
  for (const [name, alike] of collect(firsts, ({ experiment }) => experiment)) {
    const values = new Map<ReportedRun, ReadonlyMap<string, string>>();
    if (alike.length > 1) for (const run of alike) values.set(run, await experiments.all(run));
    const paths = differingPaths([...values.values()]);
    const isSwept = new Set(alike.map(axesText)).size === alike.length;
    for (const run of alike) {
      const own = paths.map((path) => `${path}=${values.get(run)?.get(path) ?? '-'}`);
      const apart = own.length === 0 || own.length > maxValues ? run.hashes.variant.slice(0, 6) : own.join(', ');
      labels.set(run, alike.length === 1 ? name : `${name} (${isSwept && axesText(run) !== '' ? axesText(run) : apart})`);
    }
  }
  return labels;
};

export const collect = (runs: readonly ReportedRun[], keyOf: (run: ReportedRun) => string): ReadonlyMap<string, readonly ReportedRun[]> => {
  const groups = new Map<string, ReportedRun[]>();
  for (const run of runs) {
    const group = groups.get(keyOf(run));
    if (group === undefined) groups.set(keyOf(run), [run]);
    else group.push(run);
  }
  return groups;
};

/** By these paths, or, where there are none, by all that is not the seed. */
export const groupRuns = async (
  runs: readonly ReportedRun[],
  by: readonly string[],
  experiments: Experiments,
): Promise<readonly Group[]> => {
  if (by.length === 0) {
    const groups = [...collect(runs, ({ experiment, hashes, folder }) => `${experiment} ${hashes.variant || folder}`).values()];
    const labels = await labelVariants(
      groups.flatMap(([first]) => first ?? []),
      experiments,
    );
    return groups.flatMap((group) => {
      const [first] = group;
      return first === undefined ? [] : [{ label: labels.get(first) ?? first.experiment, runs: group }];
    });
  }
  const keys = new Map<ReportedRun, string>();
  for (const run of runs) {
    const values: string[] = [];
    for (const path of by) values.push(`${path}=${(await experiments.value(run, path)) ?? '-'}`);
    keys.set(run, values.join(', '));
  }
  return [...collect(runs, (run) => keys.get(run) ?? '')].map(([label, group]) => ({ label, runs: group }));
};

/** Figures of runs that are done; one experiment that was run twice counts once. */
const finished = ({ runs }: Group, metric: string): readonly { readonly seed: number | null; readonly value: number }[] => {
  const byExperiment = new Map<string, { readonly seed: number | null; readonly value: number }>();
  for (const { status, hashes, folder, seed, metrics } of runs) {
    const value = metrics[metric] ?? null;
    if (status === 'done' && value !== null) byExperiment.set(hashes.experiment || folder, { seed, value });
  }
  return [...byExperiment.values()];
};

export interface Figure {
  /** Null where no run has one. */
  readonly mean: number | null;
  readonly deviation: number | null;
  readonly count: number;
}

/** Of the runs that are done. */
export const summarizeFigure = (group: Group, metric: string): Figure => {
  const values = finished(group, metric).map(({ value }) => value);
  return { mean: values.length === 0 ? null : meanOf(values), deviation: deviationOf(values), count: values.length };
};

/** A row a group: runs, how many of them are done and failed, and of each metric the mean, the standard deviation and the count. */
export const groupTable = (groups: readonly Group[], metrics: readonly string[]): Table => ({
  columns: ['variant', 'runs', 'done', 'failed', ...metrics.flatMap((metric) => [`${metric} mean`, 'sd', 'n'])],
  rows: groups.map((group) => {
    const count = (...statuses: readonly string[]): number => group.runs.filter(({ status }) => statuses.includes(status)).length;
    const cells = metrics.flatMap((metric) => {
      const { mean, deviation, count: n } = summarizeFigure(group, metric);
      return [mean, deviation, n];
    });
    return [group.label, group.runs.length, count('done'), count('failed', 'unreadable'), ...cells];
  }),
});

export interface Comparison {
  readonly metric: string;
  readonly first: string;
  readonly second: string;
  /** Seeds that both have. */
  readonly seeds: number;
  readonly difference: number | null;
  /** Corrected for the number of comparisons; null where nothing can be said. */
  readonly p: number | null;
  readonly verdict: string;
}

const level = 0.05;

const bySeed = (group: Group, metric: string): ReadonlyMap<number, number> => {
  const values = new Map<number, number[]>();
  for (const { seed, value } of finished(group, metric)) if (seed !== null) values.set(seed, [...(values.get(seed) ?? []), value]);
  return new Map([...values].map(([seed, list]) => [seed, meanOf(list)]));
};

const verdictOf = (seeds: number, p: number | null): string => {
  if (seeds === 0) return 'no seed in common';
  if (p === null) return 'one seed in common: nothing can be said';
  const figure = p < 1e-4 ? 'p < 0.0001' : `p = ${p.toPrecision(2)}`;
  return p < level ? `significant (${figure})` : `not significant (${figure})`;
};

/** Each group against `baseline`, by a paired t-test over the seeds that both have. */
export const compareGroups = (groups: readonly Group[], baseline: Group, metric: string): readonly Comparison[] => {
  const base = bySeed(baseline, metric);
  const tests = groups
    .filter((group) => group !== baseline)
    .map((group) => {
      const own = bySeed(group, metric);
      const pairs = [...own].flatMap(([seed, value]) => {
        const other = base.get(seed);
        return other === undefined ? [] : [[other, value] as const];
      });
      return { group, test: pairs.length === 0 ? null : pairedTest(pairs) };
    });
  const corrected = holm(tests.map(({ test }) => test?.p ?? null));
  return tests.map(({ group, test }, i) => {
    const p = corrected[i] ?? null;
    const seeds = test?.count ?? 0;
    return {
      metric,
      first: baseline.label,
      second: group.label,
      seeds,
      difference: test?.difference ?? null,
      p,
      verdict: verdictOf(seeds, p),
    };
  });
};
