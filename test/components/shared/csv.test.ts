import { describe, expect, it } from 'vitest';
import { readCsv, RowFaults } from '../../../src/components/shared/csv.js';
import { dataErrorOf, problem } from './rejection.js';

const rows = (text: string, delimiter = ','): (readonly (string | number)[])[] => {
  const found: (readonly (string | number)[])[] = [];
  readCsv(Buffer.from(text), 'a.csv', delimiter, ({ line, cells }) => found.push([line, ...cells]));
  return found;
};

describe('the rows of a CSV file', () => {
  it('have the lines that an editor counts, whatever ends them', () => {
    expect(rows('a,b\n1,2\n3,4')).toEqual([
      [1, 'a', 'b'],
      [2, '1', '2'],
      [3, '3', '4'],
    ]);
    expect(rows('\ufeffa,b\r\n1,2\r\n')).toEqual([
      [1, 'a', 'b'],
      [2, '1', '2'],
    ]);
  });

  it('may hold quoted delimiters, quotes and lines', () => {
    expect(rows('"a, b","say ""x"""\n"1\n2",3\n4,5')).toEqual([
      [1, 'a, b', 'say "x"'],
      [3, '1\n2', '3'],
      [4, '4', '5'],
    ]);
  });

  it('lose the blanks around their cells, but not the blanks that delimit them', () => {
    expect(rows('a , b\n 1,"2" ')).toEqual([
      [1, 'a', 'b'],
      [2, '1', '2'],
    ]);
    expect(rows('\t2\n3\t', '\t')).toEqual([
      [1, '', '2'],
      [2, '3', ''],
    ]);
  });

  it('may have blank lines between them where these cannot be rows', () => {
    expect(rows('a,b\n\n1,2\n\n')).toEqual([
      [1, 'a', 'b'],
      [3, '1', '2'],
    ]);
    expect(rows('\na\n1\n\n2\n\n')).toEqual([
      [2, 'a'],
      [3, '1'],
      [4, ''],
      [5, '2'],
    ]);
  });

  it('are none in an empty file', () => {
    expect(rows('')).toEqual([]);
    expect(rows('\n \n')).toEqual([]);
  });

  it.each(['a,b\n"1,2\n', 'a,b\n1"x",2\n', 'a,b\n"1"x,2\n'])('cannot be told apart in %j', async (text) => {
    expect(await dataErrorOf(() => rows(text))).toMatchObject(problem('bad-csv', { file: 'a.csv' }));
  });
});

describe('faults of rows', () => {
  it('are shown up to five, and counted beyond', async () => {
    const faults = new RowFaults();
    faults.assertNone('a.csv');
    for (let line = 1; line <= 7; line++) faults.add({ line, column: 'x', problem: 'hole', found: 'nothing', expected: 'a number' });
    const error = await dataErrorOf(() => {
      faults.assertNone('a.csv');
    });
    expect(error).toMatchObject(problem('bad-rows', { count: 7 }));
    expect(error.message).toMatchInlineSnapshot(`
      "a.csv has 7 faults:
        line 1, column x: nothing; expected a number
        line 2, column x: nothing; expected a number
        line 3, column x: nothing; expected a number
        line 4, column x: nothing; expected a number
        line 5, column x: nothing; expected a number
        ... and 2 more
      Mend or leave out these rows, choose other \`columns\`, or another \`delimiter\`; numbers are written like 1, -0.5 or 2e-3."
    `);
  });
});
