/** Rows of numbers from a CSV file, each with a class where a column holds it. */
import { basename } from 'node:path';
import type { DataFacts, Shape, Support } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { toClasses } from '../shared/classes.js';
import { RowFaults } from '../shared/csv.js';
import { readTable, type CsvTable } from '../shared/csv-table.js';
import { DataError } from '../shared/data-error.js';
import { sha256 } from '../shared/data-file.js';
import { readGivenFile } from '../shared/given-file.js';
import { cut, inOrder, limitParam, shorten } from '../shared/splits.js';
import { standardize } from '../shared/standardize.js';
import { createValueData, findOutside, supportOfValues, supportParam, supportWords, type DeclaredSupport } from '../shared/value-data.js';

/** Bytes that take a second or more. */
const LARGE = 2e7;

const column = {
  anyOf: [
    { type: 'string', minLength: 1 },
    { type: 'integer', minimum: 0 },
  ],
} as const;

/** What is known of the values; null where only they can tell. */
const knownSupport = (support: DeclaredSupport, standardized: boolean): Support | null => {
  if (standardized) return 'real';
  return support === 'auto' ? null : support;
};

/** @throws DataError bad-rows */
const assertWithin = ({ values, names, lines }: CsvTable, support: DeclaredSupport, file: string): void => {
  if (support === 'auto' || support === 'real') return;
  const index = findOutside(values, support);
  if (index < 0) return;
  const faults = new RowFaults();
  faults.add({
    line: lines[Math.floor(index / names.length)] ?? 0,
    column: names[index % names.length] ?? '',
    problem: 'outside',
    found: String(values[index]),
    expected: `${supportWords[support]} (support: ${support})`,
  });
  faults.assertNone(file);
};

/** @throws DataError wrong-size */
const assertFits = (shape: Shape, { names }: CsvTable, file: string): void => {
  if (shape.reduce((product, dim) => product * dim, 1) !== names.length)
    throw new DataError('wrong-size', { file, values: names.length, shape });
};

export default defineComponent({
  kind: 'dataset',
  name: 'csv',
  description:
    'Rows of numbers from a CSV file, gzip-compressed or not, an example each; one column may hold the class, as a word or a whole number. ' +
    'Relative paths start at the current directory.',
  params: {
    file: { type: 'string', minLength: 1, description: 'The file.', examples: ['data/iris.csv'] },
    columns: {
      type: 'array',
      items: column,
      minItems: 1,
      nullable: true,
      default: null,
      description:
        'Columns of the values, in this order: names from the header, or places from 1 where there is none. All but the label’s if absent.',
    },
    label: { ...column, nullable: true, default: null, description: 'Column of the class; without it there are no labels.' },
    header: { type: 'boolean', default: true, description: 'Whether the first line holds the names of the columns.' },
    delimiter: {
      type: 'string',
      minLength: 1,
      default: ',',
      description: 'What stands between two cells, such as ";" or "\\t" (a tab, in double quotes).',
    },
    shape: {
      type: 'array',
      items: { type: 'integer', minimum: 1 },
      minItems: 1,
      maxItems: 3,
      nullable: true,
      default: null,
      description: 'Shape of an example, such as [8, 8, 1] for images of 64 columns, row by row; [number of columns] if absent.',
    },
    divisor: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 1,
      description: 'What values are divided by, such as 255 for grey values in bytes.',
    },
    standardize: {
      type: 'boolean',
      default: false,
      description:
        'Whether each column is shifted and scaled to mean 0 and standard deviation 1 over the training split; columns that are constant there are only shifted.',
    },
    support: supportParam,
    validation: { type: 'integer', minimum: 0, default: 0, description: 'Rows of the validation split.' },
    test: { type: 'integer', minimum: 0, default: 0, description: 'Rows of the test split.' },
    shuffle: {
      type: 'boolean',
      default: true,
      description:
        'Whether the rows, which are often sorted by class, are put into a random order (stream `data/split`) before they are cut into splits; ' +
        'else validation and test rows are the last ones.',
    },
    limit: limitParam,
  },
  build: ({ file, shape, standardize: standardized, support, validation, test, shuffle, limit, ...options }) => {
    const { columns, label } = options;
    const knownShape = shape ?? (columns === null ? null : [columns.length]);
    const known = knownSupport(support, standardized);
    // Only the file can tell how many classes there are.
    const facts: DataFacts | null =
      knownShape === null || known === null || label !== null ? null : { shape: knownShape, numClasses: null, support: known };
    return {
      facts,
      load: async ({ random, log }) => {
        if (standardized && (support === 'binary' || support === 'unit-interval'))
          throw new DataError('conflicting-params', { params: ['standardize', `support: ${support}`] });
        const bytes = await readGivenFile(file);
        if (bytes.length > LARGE) log(`${file}: reading ${(bytes.length / 1e6).toFixed(0)} MB`);
        const table = readTable(bytes, file, options);
        const exampleShape = knownShape ?? [table.names.length];
        assertFits(exampleShape, table, file);
        assertWithin(table, support, file);
        const order = shuffle ? random.draws('data/split', 0).permutation(table.count) : inOrder(table.count);
        const rows = shorten(cut(order, validation, test), limit);
        if (standardized) standardize(table.values, table.names.length, rows.train);
        const classes = table.classes === null ? null : toClasses(table.classes);
        const source = {
          images: { file, count: table.count, shape: exampleShape, pixels: table.values },
          labels: classes?.labels ?? null,
        };
        const data = createValueData({
          title: `${basename(file)} (CSV)${standardized ? ', columns standardized over the training split' : ''}`,
          splits: {
            train: { source, rows: rows.train },
            validation: { source, rows: rows.validation },
            test: { source, rows: rows.test },
          },
          numClasses: classes?.names.length ?? null,
          support: known ?? supportOfValues(table.values),
          random,
          hashes: { [file]: sha256(bytes) },
        });
        return classes === null ? data : { ...data, classNames: classes.names };
      },
    };
  },
});
