/** The chosen columns of a CSV file as numbers and classes; every cell at fault is found in one pass. */
import { readCsv, RowFaults, type CsvRow } from './csv.js';
import { className } from './classes.js';
import { chooseColumns, type ColumnChoice, type Columns } from './csv-columns.js';
import { DataError, type RowFault } from './data-error.js';
import { readNumber } from './numbers.js';

export interface CsvTable {
  /** Of the value columns. */
  readonly names: readonly string[];
  readonly count: number;
  /** [count, names.length] */
  readonly values: Float32Array;
  /** Names of the rows' classes; null where no column holds them. */
  readonly classes: readonly string[] | null;
  /** Line of each row in the file. */
  readonly lines: readonly number[];
}

/** Numbers of which nobody knows how many there will be. */
class Growing {
  #values = new Float32Array(1024);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float32Array(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  finish(): Float32Array {
    return this.#values.slice(0, this.#length);
  }
}

const quoted = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text);

type CellFault = Pick<RowFault, 'problem' | 'found' | 'expected'>;

/** What comes out of a larger number is infinite. */
const isFloat32 = (value: number): boolean => Number.isFinite(Math.fround(value));
const countCells = (count: number): string => `${count} ${count === 1 ? 'cell' : 'cells'}`;

/** Why a cell is no value. */
const valueFault = (text: string): CellFault => {
  if (text === '') return { problem: 'hole', found: 'nothing', expected: 'a number' };
  const isNumber = readNumber(text) !== null || /^[+-]?(nan|inf(inity)?)$/i.test(text);
  return isNumber
    ? { problem: 'not-finite', found: text, expected: 'a finite number' }
    : { problem: 'no-number', found: quoted(text), expected: 'a number' };
};

const classFault = (text: string): CellFault | null => {
  if (text === '') return { problem: 'hole', found: 'nothing', expected: 'a class' };
  return className(text) === null || /^nan$/i.test(text)
    ? { problem: 'no-class', found: text, expected: 'a class: a word or a whole number' }
    : null;
};

export interface CsvOptions extends ColumnChoice {
  readonly delimiter: string;
  /** What values are divided by. */
  readonly divisor: number;
}

/** What has been read so far. */
class Rows {
  readonly #faults = new RowFaults();
  readonly #file: string;
  readonly #options: CsvOptions;
  readonly #values = new Growing();
  readonly #classes: string[] = [];
  readonly #lines: number[] = [];
  #columns: Columns | null = null;

  constructor(file: string, options: CsvOptions) {
    this.#file = file;
    this.#options = options;
  }

  take(row: CsvRow): void {
    const isHeader = this.#columns === null && this.#options.header;
    this.#columns ??= chooseColumns(row.cells, this.#file, this.#options);
    if (!isHeader) this.#add(row, this.#columns);
  }

  #add({ line, cells }: CsvRow, { names, values, label }: Columns): void {
    const { divisor } = this.#options;
    if (cells.length !== names.length) {
      this.#faults.add({ line, column: null, problem: 'ragged', found: countCells(cells.length), expected: countCells(names.length) });
      return;
    }
    const check = (place: number, fault: CellFault | null): void => {
      if (fault !== null) this.#faults.add({ line, column: names[place] ?? '', ...fault });
    };
    for (const place of values) {
      const text = (cells[place] ?? '').trim();
      const value = (readNumber(text) ?? NaN) / divisor;
      if (!isFloat32(value)) check(place, valueFault(text));
      this.#values.push(value);
    }
    if (label !== null) {
      const text = (cells[label] ?? '').trim();
      check(label, classFault(text));
      this.#classes.push(className(text) ?? '');
    }
    this.#lines.push(line);
  }

  /** @throws DataError bad-rows, no-examples */
  finish(): CsvTable {
    const columns = this.#columns;
    this.#faults.assertNone(this.#file);
    if (columns === null || this.#lines.length === 0) throw new DataError('no-examples', { file: this.#file });
    return {
      names: columns.values.map((place) => columns.names[place] ?? ''),
      count: this.#lines.length,
      values: this.#values.finish(),
      classes: columns.label === null ? null : this.#classes,
      lines: this.#lines,
    };
  }
}

/** @throws DataError bad-csv, bad-header, no-such-column, conflicting-params, bad-rows, no-examples */
export const readTable = (bytes: Uint8Array, file: string, options: CsvOptions): CsvTable => {
  const rows = new Rows(file, options);
  readCsv(bytes, file, options.delimiter, (row) => {
    rows.take(row);
  });
  return rows.finish();
};
