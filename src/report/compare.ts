/** `latentlab compare`: runs beside each other, sorted, filtered and grouped. */
import { ReportError } from './errors.js';
import { compareGroups, groupRuns, groupTable, summarizeFigure, type Comparison, type Group } from './groups.js';
import { partsOfColumn } from './metrics.js';
import { shortError, type ReportedRun } from './runs.js';
import { selectRuns, type SelectOptions } from './select.js';
import { formatDuration, toCsv, toMarkdown, toObjects, toText, type Cell, type Table } from './tables.js';
import type { Experiments } from './values.js';

export type Format = 'table' | 'csv' | 'json' | 'markdown';

export interface CompareOptions extends SelectOptions {
  /** Paths to group by. */
  readonly by: readonly string[];
  /** `column` or `column:desc`. */
  readonly sort: string | null;
  /** The group that others are held against; the first if null. */
  readonly against: string | null;
  readonly format: Format;
}

/** A row a run; failed ones with their reason. */
const runTable = async (
  runs: readonly ReportedRun[],
  metrics: readonly string[],
  by: readonly string[],
  experiments: Experiments,
): Promise<Table> => {
  const rows: Cell[][] = [];
  for (const run of runs) {
    const values: Cell[] = [];
    for (const path of by) values.push(await experiments.value(run, path));
    rows.push([
      run.name,
      run.experiment,
      run.seed,
      run.status,
      ...values,
      run.seconds,
      ...metrics.map((metric) => run.metrics[metric] ?? null),
      shortError(run),
    ]);
  }
  return { columns: ['run', 'experiment', 'seed', 'status', ...by, 'seconds', ...metrics, 'error'], rows };
};

const compareCells = (a: Cell, b: Cell): number => {
  // What has no value comes last, whatever the direction.
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
};

const sortTable = (table: Table, sort: string | null): Table => {
  if (sort === null) return table;
  const [, column = sort, direction] = /^(.*?)(?::(asc|desc))?$/.exec(sort) ?? [];
  const index = table.columns.findIndex((each) => each === column || partsOfColumn(each).name === column);
  if (index === -1)
    throw new ReportError(`there is no column ${JSON.stringify(column)} to sort by\n  There are ${table.columns.join(', ')}.`);
  const sign = direction === 'desc' ? -1 : 1;
  const rows = table.rows.toSorted((x, y) => {
    const [a = null, b = null] = [x[index], y[index]];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * compareCells(a, b);
  });
  return { columns: table.columns, rows };
};

const chooseBaseline = (groups: readonly Group[], against: string | null): Group | null => {
  if (against === null) return groups[0] ?? null;
  const found = groups.find(({ label }) => label === against);
  if (found === undefined)
    throw new ReportError(`there is no variant ${JSON.stringify(against)}\n  There are ${groups.map(({ label }) => label).join('; ')}.`);
  return found;
};

const testTable = (tests: readonly Comparison[]): Table => ({
  columns: ['variant', 'against', 'seeds', 'difference', 'verdict'],
  rows: tests.map(({ first, second, seeds, difference, verdict }) => [second, first, seeds, difference, verdict]),
});

/** Columns that say nothing are left out for people. */
const withoutEmpty = ({ columns, rows }: Table): Table => {
  const kept = columns.map((column, i) => column !== 'error' || rows.some((row) => row[i] !== ''));
  return { columns: columns.filter((_, i) => kept[i]), rows: rows.map((row) => row.filter((_, i) => kept[i])) };
};

const withDurations = ({ columns, rows }: Table): Table => {
  const at = columns.indexOf('seconds');
  return {
    columns: columns.map((column) => (column === 'seconds' ? 'time' : column)),
    rows: rows.map((row) => row.map((cell, i) => (i === at && typeof cell === 'number' ? formatDuration(cell) : cell))),
  };
};

interface Compared {
  readonly metrics: readonly string[];
  readonly table: Table;
  readonly groups: readonly Group[];
  readonly tests: readonly Comparison[];
}

const writeJson = ({ metrics, table, groups, tests }: Compared): string => {
  const summary = groups.map((group) => ({
    variant: group.label,
    runs: group.runs.map(({ name }) => name),
    figures: metrics.map((metric) => ({ metric, ...summarizeFigure(group, metric) })),
  }));
  return `${JSON.stringify({ metrics, runs: toObjects(table), groups: summary, tests }, null, 2)}\n`;
};

const testLines = ({ metrics, tests }: Compared, write: (table: Table) => readonly string[]): readonly string[] => [
  `Paired t-test over the seeds that both have${tests.length > metrics.length ? ', p after Holm for the number of comparisons' : ''}:`,
  ...metrics.flatMap((metric) => ['', metric, '', ...write(testTable(tests.filter((each) => each.metric === metric)))]),
];

/** The text to print. Throws ReportError. */
export const compareRuns = async (all: readonly ReportedRun[], options: CompareOptions): Promise<string> => {
  const { by, sort, against, format } = options;
  const { runs, metrics, experiments } = await selectRuns(all, options);
  const table = sortTable(await runTable(runs, metrics, by, experiments), sort);
  if (format === 'csv') return toCsv(table);
  const groups = await groupRuns(runs, by, experiments);
  const baseline = chooseBaseline(groups, against);
  const tests = baseline === null || groups.length < 2 ? [] : metrics.flatMap((metric) => compareGroups(groups, baseline, metric));
  const compared = { metrics, table, groups, tests };
  if (format === 'json') return writeJson(compared);
  const write = format === 'markdown' ? toMarkdown : toText;
  const parts = [write(withDurations(withoutEmpty(table))), write(groupTable(groups, metrics))];
  if (tests.length > 0) parts.push(testLines(compared, write));
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
};
