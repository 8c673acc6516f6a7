import { describe, expect, it } from 'vitest';
import { readTable, type CsvOptions, type CsvTable } from '../../../src/components/shared/csv-table.js';
import type { RowFault } from '../../../src/components/shared/data-error.js';
import { dataErrorOf, problem } from './rejection.js';

const read = (text: string, options: Partial<CsvOptions> = {}): CsvTable =>
  readTable(Buffer.from(text), 'a.csv', { columns: null, label: null, header: true, delimiter: ',', divisor: 1, ...options });
const faultsOf = async (text: string, options: Partial<CsvOptions> = {}): Promise<readonly unknown[]> => {
  const error = await dataErrorOf(() => read(text, options));
  expect(error.code).toBe('bad-rows');
  const faults: readonly RowFault[] = 'faults' in error.facts ? error.facts.faults : [];
  return faults.map(({ line, column, problem: kind }) => [line, column, kind]);
};

describe('a table', () => {
  it('has the numbers of the chosen columns, the classes and the lines', () => {
    expect(read('x,kind,y\n1,b,-0.5\n\n2e1,a,.25\n', { label: 'kind' })).toEqual({
      names: ['x', 'y'],
      count: 2,
      values: Float32Array.of(1, -0.5, 20, 0.25),
      classes: ['b', 'a'],
      lines: [2, 4],
    });
  });

  it('may have no header, another delimiter, and values to be divided', () => {
    const { values, classes } = read('255;0;3\n51;102;4', { header: false, delimiter: ';', label: 3, divisor: 255 });
    expect(values).toEqual(Float32Array.of(1, 0, 0.2, 0.4));
    expect(classes).toEqual(['3', '4']);
  });

  it('may be larger than the first guess', () => {
    const text = Array.from({ length: 3000 }, (_, i) => `${i},${-i}`).join('\n');
    const { count, values } = read(text, { header: false });
    expect(count).toBe(3000);
    expect([...values.subarray(5998)]).toEqual([2999, -2999]);
  });

  it('is refused with every fault of its rows', async () => {
    const text = 'a,b,kind\n1,2,x\n,2,x\n1,two,x\n1,2,\n1,2\n';
    expect(await faultsOf(text, { label: 'kind' })).toEqual([
      [3, 'a', 'hole'],
      [4, 'b', 'no-number'],
      [5, 'kind', 'hole'],
      [6, null, 'ragged'],
    ]);
  });

  it.each([
    ['a\n1\n\n2\n', {}, [[3, 'a', 'hole']]],
    ['a,b\n1,2,3\n', {}, [[2, null, 'ragged']]],
    ['a,b\n1,NaN\n', {}, [[2, 'b', 'not-finite']]],
    ['a,b\n1,-inf\n', {}, [[2, 'b', 'not-finite']]],
    ['a,b\n1,1e39\n', {}, [[2, 'b', 'not-finite']]],
    ['a,b\n1,0x10\n', {}, [[2, 'b', 'no-number']]],
    ['1,5\n"1,5",2\n', { header: false }, [[2, '1', 'no-number']]],
    ['a,b\n1,1.5\n', { label: 'b' }, [[2, 'b', 'no-class']]],
    ['a,b\n1,nan\n', { label: 'b' }, [[2, 'b', 'no-class']]],
    ['a,b\n1,x\n2,\n', { label: 'b' }, [[3, 'b', 'hole']]],
  ] as const)('refuses %j', async (text, options, expected) => {
    expect(await faultsOf(text, options)).toEqual(expected);
  });

  it('does not look at columns that nobody chose', () => {
    expect(read('a,b\n1,\n2,?\n', { columns: ['a'] }).values).toEqual(Float32Array.of(1, 2));
  });

  it.each(['', '\n\n', 'a,b\n'])('is refused without rows: %j', async (text) => {
    expect(await dataErrorOf(() => read(text))).toMatchObject(problem('no-examples', { file: 'a.csv' }));
  });

  it('says where, what and what was expected', async () => {
    const error = await dataErrorOf(() => read('a,b,kind\n,2,x\n1,two,x\n1,2\n1,nan,1.5', { label: 'kind' }));
    expect(error.message).toMatchInlineSnapshot(`
      "a.csv has 5 faults:
        line 2, column a: nothing; expected a number
        line 3, column b: "two"; expected a number
        line 4: 2 cells; expected 3 cells
        line 5, column b: nan; expected a finite number
        line 5, column kind: 1.5; expected a class: a word or a whole number
      Mend or leave out these rows, choose other \`columns\`, or another \`delimiter\`; numbers are written like 1, -0.5 or 2e-3."
    `);
  });
});
