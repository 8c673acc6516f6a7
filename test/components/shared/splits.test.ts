import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, inOrder, shorten } from '../../../src/components/shared/splits.js';
import { dataErrorOf, problem } from './rejection.js';

describe('cut', () => {
  it('takes the test split, then the validation split, from the end', () => {
    expect(cut(inOrder(10), 3, 2)).toEqual({
      train: Int32Array.of(0, 1, 2, 3, 4),
      validation: Int32Array.of(5, 6, 7),
      test: Int32Array.of(8, 9),
    });
    expect(cut(inOrder(2), 0, 0)).toEqual({ train: Int32Array.of(0, 1), validation: new Int32Array(0), test: new Int32Array(0) });
  });

  it('gives each row to one split, in order', () => {
    fc.assert(
      fc.property(fc.nat({ max: 50 }), fc.nat({ max: 50 }), fc.integer({ min: 1, max: 50 }), (numValidation, numTest, numTrain) => {
        const order = inOrder(numTrain + numValidation + numTest);
        const { train, validation, test } = cut(order, numValidation, numTest);
        expect([train.length, validation.length, test.length]).toEqual([numTrain, numValidation, numTest]);
        expect([...train, ...validation, ...test]).toEqual([...order]);
      }),
    );
  });

  it.each([
    { validation: 10, test: 0, expected: problem('split-too-large', { param: 'validation', asked: 10, available: 9 }) },
    { validation: 5, test: 5, expected: problem('split-too-large', { param: 'validation', asked: 5, available: 4 }) },
    { validation: 0, test: 11, expected: problem('split-too-large', { param: 'test', asked: 11, available: 9 }) },
  ])(
    'leaves an example to train on: $validation for validation and $test for test are too many of 10',
    async ({ validation, test, expected }) => {
      expect(await dataErrorOf(() => cut(inOrder(10), validation, test))).toMatchObject(expected);
    },
  );
});

describe('shorten', () => {
  const rows = cut(inOrder(10), 3, 2);
  it('keeps the first rows of each split, and all where there is no limit', () => {
    expect(shorten(rows, { train: 2, validation: null, test: 1 })).toEqual({
      train: Int32Array.of(0, 1),
      validation: Int32Array.of(5, 6, 7),
      test: Int32Array.of(8),
    });
  });

  it('refuses a limit that the split does not reach', async () => {
    const error = await dataErrorOf(() => shorten(rows, { train: null, validation: 4, test: null }));
    expect(error).toMatchObject(problem('split-too-large', { param: 'limit.validation', asked: 4, available: 3 }));
  });
});
