/** metrics.csv: one header for life, then a row after each epoch. The same run gives the same bytes. */
import { createArrayCsvStringifier, type ArrayCsvStringifier } from 'csv-writer/dist/index.js';
import type { HistoryRow } from '../../registry/contracts/index.js';
import { RunError } from '../errors.js';
import { AppendFile } from './append-file.js';

export interface MetricsSink {
  /** Called once, before the first row. */
  start(columns: readonly string[]): Promise<void>;
  /** On disk, whole, when the promise resolves. Null, or a column left out, is an empty cell. */
  write(row: HistoryRow): Promise<void>;
  /** Bytes that are on the disk. */
  readonly length: number;
}

/** The shortest digits that read back as the same number; -0 is written as 0. */
const formatCell = (value: number | null): string => (value === null ? '' : String(value));

const checkRow = (file: string, columns: readonly string[], row: HistoryRow): void => {
  for (const [column, value] of Object.entries(row)) {
    if (!columns.includes(column)) throw new RunError('bad-row', { file, column, reason: `is none of ${columns.join(', ')}` });
    if (value !== null && !Number.isFinite(value)) throw new RunError('bad-row', { file, column, reason: `would be ${String(value)}` });
  }
};

/**
 * csv-writer makes the lines, AppendFile writes them: csv-writer's own files check no header when they go on with an old one, and lose
 * rows whose writing is not awaited. After a row that could not be written none is taken any more, since the file would have a gap.
 * With `resumeAt`, rows behind so many bytes of an old file are removed: what is trained again writes them again.
 */
export const createCsvMetrics = (file: string, resumeAt: number | null = null): MetricsSink => {
  let csv: { readonly columns: readonly string[]; readonly stringifier: ArrayCsvStringifier } | null = null;
  // What is being written; once it has failed, everything that follows fails with the same error.
  let last: Promise<AppendFile>;
  let length = 0;
  return {
    get length() {
      return length;
    },
    start: async (columns) => {
      if (csv !== null) throw new Error(`${file} has its header already`);
      const stringifier = createArrayCsvStringifier({ header: columns });
      csv = { columns, stringifier };
      last = openCsv(file, columns, stringifier.getHeaderString() ?? '', resumeAt ?? Infinity);
      length = (await last).length;
    },
    write: async (row) => {
      if (csv === null) throw new Error(`a row for ${file} came before its header`);
      const { columns, stringifier } = csv;
      checkRow(file, columns, row);
      const line = stringifier.stringifyRecords([columns.map((column) => formatCell(row[column] ?? null))]);
      last = last.then(async (output) => {
        await output.append(line);
        ({ length } = output);
        return output;
      });
      await last;
    },
  };
};

/** A new file gets the header; an old one must have it. */
const openCsv = async (path: string, columns: readonly string[], header: string, most: number): Promise<AppendFile> => {
  const { file, text } = await AppendFile.openLines(path, most);
  if (text === '') await file.append(header);
  else if (!text.startsWith(header))
    throw new RunError('other-columns', { file: path, expected: columns, found: text.split('\n', 1)[0] ?? '' });
  return file;
};
