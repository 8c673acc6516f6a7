import { describe, expect, it } from 'vitest';
import { findOutside, supportOfValues } from '../../../src/components/shared/value-data.js';

describe('the support of values', () => {
  it('is the narrowest that has them all', () => {
    expect(supportOfValues(Float32Array.of(0, 1, 1))).toBe('binary');
    expect(supportOfValues(Float32Array.of(0, 0.5, 1))).toBe('unit-interval');
    expect(supportOfValues(Float32Array.of(0, 0.5, 1.001))).toBe('real');
    expect(supportOfValues(Float32Array.of(-0.001))).toBe('real');
    expect(supportOfValues(Uint8Array.of(0, 255))).toBe('binary');
    expect(supportOfValues(Uint8Array.of(0, 1, 255))).toBe('unit-interval');
  });

  it('is that of all parts together', () => {
    expect(supportOfValues(Float32Array.of(0, 1), Uint8Array.of(0, 255))).toBe('binary');
    expect(supportOfValues(Float32Array.of(0, 1), Float32Array.of(0.5))).toBe('unit-interval');
    expect(supportOfValues(Float32Array.of(2), Float32Array.of(0))).toBe('real');
  });

  it('tells the first value outside', () => {
    expect(findOutside(Float32Array.of(0, 1, 0.5, 2), 'binary')).toBe(2);
    expect(findOutside(Float32Array.of(0, 1, 0.5, 2), 'unit-interval')).toBe(3);
    expect(findOutside(Float32Array.of(0, 1, 0.5, 2), 'real')).toBe(-1);
    expect(findOutside(Float32Array.of(0, NaN), 'unit-interval')).toBe(1);
    expect(findOutside(Float32Array.of(0, 2, -Infinity), 'real')).toBe(2);
    expect(findOutside(Uint8Array.of(255, 1), 'unit-interval')).toBe(-1);
  });
});
