/** Which columns of a table are values and which one is the class. */
import { suggest } from '../../registry/suggest.js';
import { DataError } from './data-error.js';
import { readNumber } from './numbers.js';

/** A column as users name it: by the header's word, or by its place from 1 where there is no header. */
export type ColumnName = string | number;

export interface ColumnChoice {
  /** Null for all but the label's. */
  readonly columns: readonly ColumnName[] | null;
  readonly label: ColumnName | null;
  readonly header: boolean;
}

/** Places of the chosen columns, and the names of all. */
export interface Columns {
  readonly names: readonly string[];
  readonly values: readonly number[];
  readonly label: number | null;
}

/** A row of numbers taken for a header would be lost without a word. Names such as 0, 1, 2, which pandas writes, rise by one. */
const assertNames = (names: readonly string[], file: string): void => {
  const numbers = names.map(readNumber);
  const [first] = numbers;
  if (numbers.includes(null) || first === undefined || first === null) return;
  if (numbers.every((number, i) => number === first + i) && Number.isInteger(first)) return;
  throw new DataError('bad-header', {
    file,
    problem: `has a first line of numbers (${names.slice(0, 4).join(', ')}${names.length > 4 ? ', ...' : ''}), where the names of the columns were expected`,
    help: 'Set `header: false` if it has no names; if the numbers are names, list the columns in `columns`.',
  });
};

/**
 * @param first The cells of the first row.
 * @throws DataError no-such-column, bad-header, conflicting-params
 */
export const chooseColumns = (first: readonly string[], file: string, { columns, label, header }: ColumnChoice): Columns => {
  const names = first.map((cell, i) => (header ? cell.trim() : String(i + 1)));
  const find = (param: string, column: ColumnName): number => {
    const wanted = String(column);
    const place = names.indexOf(wanted);
    if (place < 0)
      throw new DataError('no-such-column', { file, param, column: wanted, columns: names, suggestion: suggest(wanted, names) });
    if (names.includes(wanted, place + 1))
      throw new DataError('bad-header', { file, problem: `has several columns ${wanted}`, help: 'Give each a name of its own.' });
    return place;
  };
  const labelAt = label === null ? null : find('label', label);
  if (columns !== null) {
    const values = columns.map((column) => find('columns', column));
    if (labelAt !== null && values.includes(labelAt))
      throw new DataError('conflicting-params', { params: ['columns', `label: ${String(label)}`] });
    return { names, values, label: labelAt };
  }
  const values = names.flatMap((_, i) => (i === labelAt ? [] : [i]));
  if (values.length === 0)
    throw new DataError('bad-header', {
      file,
      problem: `has no column beside ${String(label)}, the class`,
      help: 'Give a file with values, or the `delimiter` that it has.',
    });
  if (header) {
    if (values.some((place) => names[place] === ''))
      throw new DataError('bad-header', {
        file,
        problem: 'has a column without a name, as pandas writes an index',
        help: 'List the columns to take in `columns`, or write the file without the index: to_csv(file, index=False).',
      });
    assertNames(
      values.map((place) => names[place] ?? ''),
      file,
    );
  }
  return { names, values, label: labelAt };
};
