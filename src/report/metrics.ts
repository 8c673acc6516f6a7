/** Which figure a run is judged by. */
import { ReportError } from './errors.js';
import type { ReportedRun } from './runs.js';

/** The known word that a mistyped one most likely stands for, or null. */
export type Suggest = (word: string, known: readonly string[]) => string | null;

/** `; did you mean "test.elbo"?`, or nothing. */
export const guess = (suggest: Suggest, word: string, known: readonly string[]): string => {
  const close = suggest(word, known);
  return close === null ? '' : `; did you mean "${close}"?`;
};

const splits = ['test', 'validation', 'train'] as const;

/** What of the data a column is of, '' where it is of none, and what of it that is: `test.elbo`, `train.kl-per-dimension.1`. */
export const partsOfColumn = (column: string): { readonly split: string; readonly name: string } => {
  const split = splits.find((each) => column.startsWith(`${each}.`)) ?? '';
  return { split, name: split === '' ? column : column.slice(split.length + 1) };
};

/** Columns that some run has a figure for. */
const columnsOf = (runs: readonly ReportedRun[]): readonly string[] => [
  ...new Set(runs.flatMap(({ metrics }) => Object.keys(metrics).filter((column) => typeof metrics[column] === 'number'))),
];

/** The bound where it was measured; else the first figure of data that training has not seen; else the loss. */
const usualMetric = (columns: readonly string[]): string | null => {
  const ofSplits = splits.flatMap((split) => [`${split}.elbo`, ...columns.filter((column) => column.startsWith(`${split}.`))]);
  return (
    ofSplits.find((column) => columns.includes(column)) ?? columns.find((column) => column === 'loss' || column.endsWith('.loss')) ?? null
  );
};

/** The column of a metric that has one figure and what belongs to it, such as its error, under a name of its own; null for any other. */
const columnNamed = (name: string, columns: readonly string[]): string | null => {
  const own = columns.filter((column) => column.startsWith(`${name}.`));
  const [root, ...others] = own.filter((column) => !own.some((other) => column.startsWith(`${other}.`)));
  return others.length > 0 ? null : (root ?? null);
};

/**
 * Columns for names as users write them: `elbo` is that of the test split if there is one, and `prior-10` that of the metric of this name.
 * @throws ReportError for a figure that no run has.
 */
export const chooseMetrics = (runs: readonly ReportedRun[], names: readonly string[], suggest: Suggest): readonly string[] => {
  const columns = columnsOf(runs);
  const usual = usualMetric(columns);
  if (names.length === 0) return usual === null ? [] : [usual];
  return names.map((name) => {
    const spellings = [name, ...splits.map((split) => `${split}.${name}`)];
    const found = spellings.find((column) => columns.includes(column)) ?? spellings.flatMap((each) => columnNamed(each, columns) ?? [])[0];
    if (found !== undefined) return found;
    const known =
      columns.length === 0
        ? 'No run has any figure yet.'
        : `There are ${columns.filter((column) => column !== 'epoch' && column !== 'step').join(', ')}.`;
    // `elbow` is nearer to `elbo` than to `test.elbo`, which is what it means.
    const names = columns.flatMap((column) => [column, partsOfColumn(column).name]);
    throw new ReportError(`no run has the figure ${JSON.stringify(name)}${guess(suggest, name, names)}\n  ${known}`);
  });
};
