/** Figures against a value of the experiments: the lines of a picture of several runs. */
import { ReportError } from './errors.js';
import { collect, differingPaths, groupRuns, summarizeFigure, type Group } from './groups.js';
import { guess, partsOfColumn, type Suggest } from './metrics.js';
import type { ReportedRun } from './runs.js';
import { selectRuns, type SelectOptions } from './select.js';
import type { Experiments } from './values.js';

export interface LineOptions extends SelectOptions {
  /** The path of the value that the figures stand against. */
  readonly against: string;
  /** Paths whose values have a line each. */
  readonly by: readonly string[];
}

export interface LinePoint {
  readonly x: number;
  readonly value: number;
  /** How far it may be off; null where nothing is known. */
  readonly error: number | null;
}

export interface Line {
  readonly label: string;
  readonly metric: string;
  readonly unit: string;
  readonly points: readonly LinePoint[];
}

export interface Lines {
  readonly lines: readonly Line[];
  /** That all of them are of; '' where there is none, or more than one. */
  readonly split: string;
  /** What the errors are, for people. */
  readonly errors: readonly string[];
  readonly numRuns: number;
}

/** So many values of a path are told. */
const mostValues = 6;

const listed = (values: readonly string[]): string =>
  values.length <= mostValues ? values.join(', ') : `${values.slice(0, mostValues).join(', ')}, ...`;

const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));

/** The numbers that vary: `These vary: model.latent (2, 5, 10).` */
const varyingText = async (runs: readonly ReportedRun[], experiments: Experiments): Promise<string> => {
  const all = await Promise.all(runs.map((run) => experiments.all(run)));
  const texts = differingPaths(all).flatMap((path) => {
    const values = new Set(all.map((each) => each.get(path) ?? '-'));
    if ([...values].filter(isNumber).length < 2) return [];
    return `${path} (${listed([...values].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })))})`;
  });
  return texts.length === 0 ? 'No number but the seed varies between the runs.' : `These vary: ${texts.join(', ')}.`;
};

/** The value of each run as a number; runs without one are left out. */
const valuesOf = async (
  runs: readonly ReportedRun[],
  path: string,
  experiments: Experiments,
  suggest: Suggest,
): Promise<ReadonlyMap<ReportedRun, number>> => {
  const texts = new Map<ReportedRun, string>();
  for (const run of runs) {
    const text = await experiments.value(run, path);
    if (text !== null) texts.set(run, text);
  }
  if (texts.size === 0) {
    const all = await Promise.all(runs.map((run) => experiments.all(run)));
    const known = [...new Set([...runs.flatMap(({ axes }) => Object.keys(axes)), ...all.flatMap((values) => [...values.keys()])])];
    throw new ReportError(
      `no run has a value ${JSON.stringify(path)}${guess(suggest, path, known)}\n  ${await varyingText(runs, experiments)}`,
    );
  }
  const distinct = [...new Set(texts.values())];
  const strange = distinct.filter((text) => !isNumber(text));
  if (strange.length > 0) {
    const help = distinct.length < 2 ? await varyingText(runs, experiments) : `--by ${path} gives each of its values a line.`;
    throw new ReportError(`${path} is no number: ${listed(strange)}\n  ${help}`);
  }
  if (distinct.length < 2)
    throw new ReportError(
      `${path} is ${distinct.join('')} in all runs, and nothing to draw against\n  ${await varyingText(runs, experiments)}`,
    );
  return new Map([...texts].map(([run, text]) => [run, Number(text)]));
};

/** @throws ReportError where the runs of one point differ in more than their seed: their mean would hide it. */
const assertAlike = async (runs: readonly ReportedRun[], place: string, experiments: Experiments): Promise<void> => {
  const firsts = [...collect(runs, ({ hashes, folder }) => hashes.variant || folder).values()].flatMap(([first]) => first ?? []);
  if (firsts.length < 2) return;
  const paths = differingPaths(await Promise.all(firsts.map((run) => experiments.all(run))));
  if (paths.length === 0) return;
  throw new ReportError(
    `runs with ${place} differ in more than their seed: in ${paths.join(', ')}\n` +
      `  Give each its line with --by ${paths[0] ?? ''}, or choose some of them with --where.`,
  );
};

/** The unit of a figure, as some run keeps it. */
const unitOf = (runs: readonly ReportedRun[], metric: string): string => {
  const units = runs.map(({ measured, provenance }) => provenance[measured[metric] ?? '']?.['unit']);
  return units.find((unit): unit is string => typeof unit === 'string') ?? '';
};

/** The spread over seeds where there are several; else the standard error that some metrics give beside their figure. */
const pointOf = (group: Group, x: number, metric: string): { readonly point: LinePoint; readonly error: string | null } | null => {
  const { mean, deviation, count } = summarizeFigure(group, metric);
  if (mean === null) return null;
  if (count > 1) return { point: { x, value: mean, error: deviation }, error: 'standard deviations over seeds' };
  const { mean: own } = summarizeFigure(group, `${metric}.error`);
  return { point: { x, value: mean, error: own }, error: own === null ? null : 'standard errors over examples' };
};

/** @throws ReportError for what cannot be drawn. */
export const drawnLines = async (all: readonly ReportedRun[], options: LineOptions): Promise<Lines> => {
  const { against, by, suggest } = options;
  const { runs, metrics, experiments } = await selectRuns(all, options);
  const values = await valuesOf(runs, against, experiments, suggest);
  const drawn = [...values.keys()];
  const groups: readonly Group[] = by.length === 0 ? [{ label: '', runs: drawn }] : await groupRuns(drawn, by, experiments);
  const splits = new Set(metrics.map((metric) => partsOfColumn(metric).split));
  const errors = new Set<string>();
  const lines: Line[] = [];
  for (const group of groups.toSorted((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true }))) {
    const places = [...collect(group.runs, (run) => String(values.get(run)))].toSorted(([a], [b]) => Number(a) - Number(b));
    for (const [x, alike] of places)
      await assertAlike(alike, [`${against} ${x}`, ...(group.label === '' ? [] : [group.label])].join(' and '), experiments);
    for (const metric of metrics) {
      const found = places.flatMap(([x, alike]) => pointOf({ label: '', runs: alike }, Number(x), metric) ?? []);
      for (const { error } of found) if (error !== null) errors.add(error);
      const name = splits.size === 1 ? partsOfColumn(metric).name : metric;
      const parts = metrics.length === 1 && group.label !== '' ? [group.label] : [name, group.label];
      const points = found.map(({ point }) => point);
      if (points.length > 0)
        lines.push({ label: parts.filter((part) => part !== '').join(', '), metric, unit: unitOf(runs, metric), points });
    }
  }
  if (lines.length === 0)
    throw new ReportError(
      metrics.length === 0
        ? 'no run has a figure to draw'
        : `no run that is done has ${metrics.join(' or ')}\n  latentlab status says how far they are.`,
    );
  const isDrawn = ({ status, metrics: figures }: ReportedRun): boolean =>
    status === 'done' && metrics.some((metric) => typeof figures[metric] === 'number');
  const [split = '', ...others] = splits;
  return { lines, split: others.length === 0 ? split : '', errors: [...errors], numRuns: drawn.filter(isDrawn).length };
};
