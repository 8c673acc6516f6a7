import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNumber } from '../../../src/components/shared/numbers.js';

describe('a number in a table', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(readNumber(String(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it.each([
    ['+1', 1],
    ['-.5', -0.5],
    ['2.', 2],
    ['1E-3', 0.001],
    ['007', 7],
  ])('may be written %s', (text, value) => {
    expect(readNumber(text)).toBe(value);
  });

  it.each(['', ' ', '.', '0x10', '1,5', '1_000', 'Infinity', 'NaN', '1e', '--1', '1 2', 'true'])('is not "%s"', (text) => {
    expect(readNumber(text)).toBeNull();
  });
});
