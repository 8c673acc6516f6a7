/** A table, and how it is written: for people, for spreadsheets, for documents. */
import { createArrayCsvStringifier } from 'csv-writer/dist/index.js';

export type Cell = string | number | null;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Five digits, more only in front of the point. */
export const formatFigure = (value: number): string => {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 1e5 && Math.abs(value) < 1e15 ? value.toFixed(0) : String(Number(value.toPrecision(5)));
};

/** 0:09, 12:05, 1:02:03 */
export const formatDuration = (seconds: number | null): string => {
  if (seconds === null) return '-';
  const total = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const tail = String(rest).padStart(2, '0');
  return hours > 0 ? `${String(hours)}:${String(minutes).padStart(2, '0')}:${tail}` : `${String(minutes)}:${tail}`;
};

const shown = (cell: Cell): string => (cell === null ? '-' : typeof cell === 'number' ? formatFigure(cell) : cell);

/** Numbers to the right; two spaces between columns. */
export const toText = ({ columns, rows }: Table): readonly string[] => {
  const isNumeric = columns.map((_, i) => rows.every((row) => typeof row[i] !== 'string'));
  const texts = [columns, ...rows.map((row) => row.map(shown))];
  const widths = columns.map((_, i) => Math.max(...texts.map((row) => (row[i] ?? '').length)));
  return texts.map((row) =>
    row
      .map((text, i) => (isNumeric[i] === true ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
};

/** A spreadsheet takes a text that begins so for a formula; a quote before it keeps it a text. Numbers are not texts. */
const formulaStarts = /^[=+\-@\t\r]/;

const csvCell = (cell: Cell): string => {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  return formulaStarts.test(cell) ? `'${cell}` : cell;
};

/** Numbers with as many digits as it takes to read them back. */
export const toCsv = ({ columns, rows }: Table): string => {
  const csv = createArrayCsvStringifier({ header: columns });
  return `${csv.getHeaderString() ?? ''}${csv.stringifyRecords(rows.map((row) => row.map(csvCell)))}`;
};

export const toMarkdown = ({ columns, rows }: Table): readonly string[] => {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map((row) => line(row.map(shown)))];
};

/** Objects by column, for JSON. */
export const toObjects = ({ columns, rows }: Table): readonly Readonly<Record<string, Cell>>[] =>
  rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i] ?? null])));
