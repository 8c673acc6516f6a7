/** Whether figures of several runs may stand in one column: only where they come from the same metric, over the same data. */
import { ReportError } from './errors.js';
import type { ReportedRun } from './runs.js';

/** What is said of a difference, in this order; what is left out follows from the others. */
const aspects = ['metric', 'version', 'unit', 'split', 'data', 'files', 'examples', 'params', 'hashes', 'sampler'] as const;

const words: Readonly<Record<(typeof aspects)[number], string>> = {
  metric: 'the metric',
  version: "the metric's version",
  unit: 'the unit',
  split: 'the split',
  data: 'the data',
  files: 'the files of the data',
  examples: 'the number of examples',
  params: "the metric's params",
  hashes: 'the features',
  sampler: 'what samples are drawn from',
};

/** What holds where an origin says nothing of an aspect. */
const usual: Readonly<Record<string, string>> = { sampler: "the model's prior" };

const inline = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A run whose record does not say what a figure hangs on, an older one for instance, is believed. */
const originOf = ({ metrics, measured }: ReportedRun, metric: string): string | null =>
  typeof metrics[metric] === 'number' ? (measured[metric] ?? null) : null;

/** Why figures of a column cannot stand beside each other, on one line; null where they can. */
export const findMixture = (runs: readonly ReportedRun[], metric: string): string | null => {
  const firsts = new Map<string, ReportedRun>();
  for (const run of runs) {
    const origin = originOf(run, metric);
    if (origin !== null && !firsts.has(origin)) firsts.set(origin, run);
  }
  const [first, second] = [...firsts];
  if (first === undefined || second === undefined) return null;
  const [a, b] = [first, second].map(([origin, run]) => run.provenance[origin] ?? {});
  const differences = aspects.flatMap((aspect) => {
    const [ofFirst = '', ofSecond = ''] = [a, b].map((origin) => inline(origin?.[aspect] ?? usual[aspect] ?? null));
    return ofFirst === ofSecond ? [] : [`${words[aspect]} (${ofFirst}; ${ofSecond})`];
  });
  return `${metric} of ${first[1].name} and of ${second[1].name} cannot be compared: they differ in ${differences.join(', ') || 'what they hang on'}`;
};

/** @throws ReportError for a column whose figures cannot stand beside each other. */
export const assertComparable = (runs: readonly ReportedRun[], metrics: readonly string[]): void => {
  const mixtures = metrics.flatMap((metric) => findMixture(runs, metric) ?? []);
  if (mixtures.length > 0)
    throw new ReportError(
      `${mixtures.join('\n  ')}\n  Choose runs that are alike in this with --where, or measure them alike with latentlab evaluate.`,
    );
};

/** Of the columns those whose figures can stand beside each other, and why the others cannot. */
export const withoutMixtures = (
  runs: readonly ReportedRun[],
  metrics: readonly string[],
): { readonly metrics: readonly string[]; readonly notes: readonly string[] } => {
  const notes = metrics.map((metric) => findMixture(runs, metric));
  return { metrics: metrics.filter((_, i) => notes[i] === null), notes: notes.flatMap((note) => note ?? []) };
};
