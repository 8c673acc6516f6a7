import { describe, expect, it } from 'vitest';
import { className, toClasses } from '../../../src/components/shared/classes.js';

describe('classes', () => {
  it('are labelled in the order of their words', () => {
    expect(toClasses(['setosa', 'virginica', 'setosa', 'Versicolor'])).toEqual({
      names: ['Versicolor', 'setosa', 'virginica'],
      labels: Int32Array.of(1, 2, 1, 0),
    });
  });

  it('are labelled in the order of their numbers, words behind', () => {
    expect(toClasses(['10', '9', 'b', '-1', 'a', '10'])).toEqual({
      names: ['-1', '9', '10', 'a', 'b'],
      labels: Int32Array.of(2, 1, 4, 0, 3, 2),
    });
  });

  it('keep digits as their own labels', () => {
    expect([...toClasses(['3', '0', '2', '1']).labels]).toEqual([3, 0, 2, 1]);
  });

  it('are one class in whatever way a whole number is written', () => {
    expect(['1', '1.0', '+1', '01', '1e0'].map(className)).toEqual(['1', '1', '1', '1', '1']);
    expect(className('-0')).toBe('0');
  });

  it.each(['1.5', '1e400', '1e-3'])('are not told by the number %s', (cell) => {
    expect(className(cell)).toBeNull();
  });
});
