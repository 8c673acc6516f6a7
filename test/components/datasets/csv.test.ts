import { describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import csv from '../../../src/components/datasets/csv.js';
import type { Data, Dataset } from '../../../src/registry/contracts/index.js';
import type { ValuesOf } from '../../../src/registry/params.js';
import { dataErrorOf, problem } from '../shared/rejection.js';
import { temporaryFolder, writeInto } from '../shared/temporary.js';
import { contextOf, noLimit, readAll } from './context.js';

const folder = temporaryFolder();
// Row i has the values i and 10 i, and a class by its parity.
const table = writeInto(
  folder,
  'table.csv',
  ['x,y,kind', ...Array.from({ length: 10 }, (_, i) => `${i},${10 * i},${i % 2 === 0 ? 'even' : 'odd'}`)].join('\n'),
);
const unit = writeInto(folder, 'unit.csv', 'a,b,c,d\n0,0.5,1,0\n1,1,0,0.25\n');

type Params = ValuesOf<typeof csv.params>;
const build = (params: Partial<Params> = {}): Dataset =>
  csv.build({
    file: table,
    columns: null,
    label: null,
    header: true,
    delimiter: ',',
    shape: null,
    divisor: 1,
    standardize: false,
    support: 'auto',
    validation: 0,
    test: 0,
    shuffle: false,
    limit: noLimit,
    ...params,
  });
const load = (params: Partial<Params> = {}, seed = 1): Promise<Data> => build(params).load(contextOf({ seed }));
const firstColumn = (data: Data, split: 'train' | 'validation' | 'test'): number[] =>
  [...readAll(data.splits[split], 2).x].filter((_, i) => i % 2 === 0);

describe('csv', () => {
  it('has an example per row and a class per word', async () => {
    const data = await load({ label: 'kind' });
    expect(data).toMatchObject({ shape: [2], numClasses: 2, classNames: ['even', 'odd'], support: 'real' });
    expect(data.description).toBe('table.csv (CSV), real values');
    expect(Object.keys(data.hashes)).toEqual([table]);
    const { x, labels } = readAll(data.splits.train, 2);
    expect([...x.subarray(0, 6)]).toEqual([0, 0, 1, 10, 2, 20]);
    expect([...labels]).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
  });

  it('cuts validation and test rows from the end, or from a random order', async () => {
    const cut = await load({ columns: ['x', 'y'], validation: 2, test: 3 });
    expect(firstColumn(cut, 'train')).toEqual([0, 1, 2, 3, 4]);
    expect(firstColumn(cut, 'validation')).toEqual([5, 6]);
    expect(firstColumn(cut, 'test')).toEqual([7, 8, 9]);
    const params = { columns: ['x', 'y'], validation: 2, test: 3, shuffle: true } as const;
    const shuffled = await load(params);
    const rows = (['train', 'validation', 'test'] as const).flatMap((split) => firstColumn(shuffled, split));
    expect(rows).not.toEqual(rows.toSorted((a, b) => a - b));
    expect(rows.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(firstColumn(await load(params), 'train')).toEqual(rows.slice(0, 5));
    expect(firstColumn(await load(params, 2), 'train')).not.toEqual(rows.slice(0, 5));
    expect((await load({ ...params, limit: { ...noLimit, train: 2 } })).splits.train.count).toBe(2);
  });

  it('standardizes by the training split alone', async () => {
    const data = await load({ columns: ['x', 'y'], validation: 2, test: 3, standardize: true });
    expect(data.support).toBe('real');
    expect(data.description).toBe('table.csv (CSV), columns standardized over the training split, real values');
    // Training rows 0 to 4: mean 2, deviation sqrt(2).
    const expected = [5, 6].flatMap((row) => [(row - 2) / Math.SQRT2, (row - 2) / Math.SQRT2]);
    readAll(data.splits.validation, 2).x.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 6));
  });

  it('tells what the values are, or is told', async () => {
    expect((await load({ file: unit })).support).toBe('unit-interval');
    expect((await load({ file: unit, columns: ['c'] })).support).toBe('binary');
    expect((await load({ file: unit, columns: ['c'], support: 'unit-interval' })).support).toBe('unit-interval');
    expect((await load({ file: unit, support: 'real' })).support).toBe('real');
    expect((await load({ columns: ['y'], divisor: 90 })).support).toBe('unit-interval');
  });

  it('gives images where a shape says so', async () => {
    const data = await load({ file: unit, shape: [2, 2, 1] });
    expect(data.shape).toEqual([2, 2, 1]);
    expect([...readAll(data.splits.train, 4).x]).toEqual([0, 0.5, 1, 0, 1, 1, 0, 0.25]);
  });

  it('knows beforehand what the params tell', () => {
    expect(build().facts).toBeNull();
    expect(build({ columns: ['x', 'y'] }).facts).toBeNull();
    expect(build({ columns: ['x', 'y'], support: 'real', label: 'kind' }).facts).toBeNull();
    expect(build({ columns: ['x', 'y'], standardize: true }).facts).toEqual({ shape: [2], numClasses: null, support: 'real' });
    expect(build({ shape: [8, 8, 1], support: 'binary' }).facts).toEqual({ shape: [8, 8, 1], numClasses: null, support: 'binary' });
  });

  it('reads gzip', async () => {
    const file = writeInto(folder, 'packed.csv.gz', gzipSync('a,b\n1,2\n'));
    expect([...readAll((await load({ file })).splits.train, 2).x]).toEqual([1, 2]);
  });

  const hole = writeInto(folder, 'hole.csv', 'x,y\n1,2\n3,\n');
  const empty = writeInto(folder, 'empty.csv', '');
  it.each([
    { params: { file: `${folder}/none.csv` }, expected: problem('missing-file') },
    { params: { file: folder }, expected: problem('unreadable-file') },
    { params: { file: empty }, expected: problem('no-examples', { file: empty }) },
    {
      params: { file: hole },
      expected: problem('bad-rows', {
        file: hole,
        count: 1,
        faults: [{ line: 3, column: 'y', problem: 'hole', found: 'nothing', expected: 'a number' }],
      }),
    },
    { params: {}, expected: problem('bad-rows', { count: 10 }) },
    { params: { columns: ['x', 'z'] }, expected: problem('no-such-column', { column: 'z' }) },
    { params: { label: 'kinds' }, expected: problem('no-such-column', { param: 'label', suggestion: 'kind' }) },
    { params: { label: 'kind', shape: [3] }, expected: problem('wrong-size', { values: 2, shape: [3] }) },
    { params: { label: 'kind', delimiter: ';' }, expected: problem('no-such-column', { columns: ['x,y,kind'] }) },
    { params: { label: 'kind', validation: 6, test: 4 }, expected: problem('split-too-large', { param: 'validation', available: 5 }) },
    { params: { label: 'kind', standardize: true, support: 'binary' }, expected: problem('conflicting-params') },
    {
      params: { file: unit, support: 'binary' },
      expected: problem('bad-rows', {
        count: 1,
        faults: [{ line: 2, column: 'b', problem: 'outside', found: '0.5', expected: '0 or 1 (support: binary)' }],
      }),
    },
    { params: { label: 'kind', support: 'unit-interval' }, expected: problem('bad-rows', { count: 1 }) },
  ] satisfies { params: Partial<Params>; expected: unknown }[])('refuses $params', async ({ params, expected }) => {
    expect(await dataErrorOf(() => load(params))).toMatchObject(expected);
  });
});
