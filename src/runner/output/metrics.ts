/** metrics.csv: one header for life, then a row after each epoch. */
import { createObjectCsvStringifier } from 'csv-writer';
import { open } from 'node:fs/promises';
import type { HistoryRow } from '../../registry/contracts/index.js';
import { guardWrite } from './write-errors.js';

export interface MetricsSink {
  /** Called once, before the first row. */
  start(columns: readonly string[]): Promise<void>;
  /** On disk, whole, when the promise resolves. Null is an empty cell. */
  write(row: HistoryRow): Promise<void>;
}

/**
 * csv-writer makes the lines; they are appended here, each by one write, and a line that did not fit on the disk is taken back, because
 * csv-writer's own appending checks no header, and lets rows that are not awaited overwrite each other.
 */
export const createCsvMetrics = (file: string): MetricsSink => {
  let stringifier: ReturnType<typeof createObjectCsvStringifier> | null = null;
  let columns: readonly string[] = [];
  let length = 0;
  let last: Promise<void> = Promise.resolve();
  const append = (line: string): Promise<void> => {
    last = last.then(() =>
      guardWrite(file, async () => {
        const handle = await open(file, length === 0 ? 'w' : 'r+');
        try {
          const bytes = Buffer.from(line);
          try {
            await handle.write(bytes, 0, bytes.length, length).then(({ bytesWritten }) => {
              if (bytesWritten < bytes.length) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
            });
            await handle.datasync();
          } catch (error) {
            await handle.truncate(length);
            throw error;
          }
          length += bytes.length;
        } finally {
          await handle.close();
        }
      }),
    );
    return last;
  };
  return {
    start: async (names) => {
      columns = names;
      stringifier = createObjectCsvStringifier({ header: names.map((name) => ({ id: name, title: name })), headerIdDelimiter: '\0' });
      await append(stringifier.getHeaderString() ?? '');
    },
    write: async (row) => {
      if (!stringifier) throw new Error('a row came before the header');
      const unknown = Object.keys(row).find((name) => !columns.includes(name));
      if (unknown !== undefined) throw new Error(`metrics.csv has no column ${unknown}`);
      const broken = Object.entries(row).find(([, value]) => value !== null && !Number.isFinite(value));
      if (broken) throw new Error(`${broken[0]} is ${String(broken[1])}, which no row may hold`);
      await append(stringifier.stringifyRecords([Object.fromEntries(columns.map((name) => [name, row[name] ?? '']))]));
    },
  };
};
