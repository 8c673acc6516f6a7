import { describe, expect, it } from 'vitest';
import { chooseColumns, type ColumnChoice } from '../../../src/components/shared/csv-columns.js';
import { dataErrorOf, problem } from './rejection.js';

const choose = (first: readonly string[], choice: Partial<ColumnChoice> = {}) =>
  chooseColumns(first, 'a.csv', { columns: null, label: null, header: true, ...choice });

describe('the columns of a table', () => {
  it('are all values but the class', () => {
    expect(choose(['a', 'b', 'c'])).toEqual({ names: ['a', 'b', 'c'], values: [0, 1, 2], label: null });
    expect(choose(['a', 'b', 'c'], { label: 'b' })).toEqual({ names: ['a', 'b', 'c'], values: [0, 2], label: 1 });
  });

  it('may be chosen by name, in another order', () => {
    expect(choose(['a', 'b', 'c'], { columns: ['c', 'a'], label: 'b' })).toMatchObject({ values: [2, 0], label: 1 });
  });

  it('are called by their place from 1 where there is no header', () => {
    expect(choose(['0.5', '7', '0'], { header: false, label: 3 })).toEqual({ names: ['1', '2', '3'], values: [0, 1], label: 2 });
    expect(choose(['0.5', '7', '0'], { header: false, columns: [2] }).values).toEqual([1]);
  });

  it('may have whole numbers in a row for names', () => {
    expect(choose(['0', '1', '2'], { label: 2 })).toMatchObject({ values: [0, 1], label: 2 });
    expect(choose(['label', '1', '2', '3'], { label: 'label' }).values).toEqual([1, 2, 3]);
    expect(choose(['400.5', '401.0'], { columns: ['400.5', '401.0'] }).values).toEqual([0, 1]);
  });

  it.each([
    {
      first: ['width', 'height'],
      choice: { columns: ['widht'] },
      expected: problem('no-such-column', { param: 'columns', column: 'widht', columns: ['width', 'height'], suggestion: 'width' }),
    },
    { first: ['a', 'b'], choice: { label: 'species' }, expected: problem('no-such-column', { param: 'label', suggestion: null }) },
    { first: ['1', '2'], choice: { header: false, label: 3 }, expected: problem('no-such-column', { column: '3', columns: ['1', '2'] }) },
    { first: ['1', '2'], choice: { header: false, label: 0 }, expected: problem('no-such-column', { column: '0' }) },
    { first: ['a', 'b', 'a'], choice: { columns: ['a'] }, expected: problem('bad-header') },
    { first: ['', 'a', 'b'], choice: {}, expected: problem('bad-header') },
    { first: ['5.1', '3.5', '1.4'], choice: {}, expected: problem('bad-header') },
    { first: ['7', '0', '0'], choice: { label: '7' }, expected: problem('bad-header') },
    { first: ['a'], choice: { label: 'a' }, expected: problem('bad-header') },
    { first: ['a', 'b'], choice: { columns: ['a', 'b'], label: 'b' }, expected: problem('conflicting-params') },
  ])('are refused: $first with $choice', async ({ first, choice, expected }) => {
    expect(await dataErrorOf(() => choose(first, choice))).toMatchObject(expected);
  });

  it('are listed, and a misspelt one guessed', async () => {
    const error = await dataErrorOf(() => choose(['width', 'height'], { label: 'heigth' }));
    expect(error.message).toMatchInlineSnapshot(`
      "a.csv has no column heigth, which \`label\` names; did you mean height?
      Its columns are width, height."
    `);
  });
});
