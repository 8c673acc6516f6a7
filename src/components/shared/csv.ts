/** Tables in CSV files: their rows as texts, told apart by the package csv-parse, with the line that each stands on. */
import { CsvError, parse } from 'csv-parse/sync';
import { DataError, type RowFault } from './data-error.js';

export interface CsvRow {
  /** Counted from 1; of a row of several lines the last. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Faults of rows: the first few in full, the rest counted. */
export class RowFaults {
  readonly #shown: RowFault[] = [];
  #count = 0;

  add(fault: RowFault): void {
    this.#count += 1;
    if (this.#shown.length < 5) this.#shown.push(fault);
  }

  /** @throws DataError bad-rows */
  assertNone(file: string): void {
    if (this.#count > 0) throw new DataError('bad-rows', { file, faults: this.#shown, count: this.#count });
  }
}

const isBlank = (cells: readonly string[]): boolean => cells.length === 1 && cells[0]?.trim() === '';

/**
 * Hands over the rows one by one, so that the texts of a large file are never all in memory. Blank lines are passed over at the
 * end, and anywhere in a table of several columns; in a table of one column a blank line is a row with a hole.
 * @throws DataError bad-csv
 */
export const readCsv = (bytes: Uint8Array, file: string, delimiter: string, take: (row: CsvRow) => void): void => {
  // A blank that separates cells cannot be trimmed from them as well.
  const trims = delimiter.trim() !== '';
  let width: number | null = null;
  let blanks: CsvRow[] = [];
  try {
    parse(bytes, {
      delimiter,
      bom: true,
      ltrim: trims,
      rtrim: trims,
      relax_column_count: true,
      on_record: (cells: readonly string[], { lines }) => {
        const row = { line: lines, cells };
        if (isBlank(cells)) {
          if (width === 1) blanks.push(row);
          return null;
        }
        width ??= cells.length;
        blanks.forEach(take);
        blanks = [];
        take(row);
        // csv-parse keeps what it is given back.
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new DataError('bad-csv', { file, reason: error.message });
  }
};
