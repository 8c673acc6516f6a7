/** Domains and ticks of logarithmic axes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logAxis } from '../../../src/components/shared/log-axis.js';

describe('logAxis', () => {
  it('marks powers of ten where there are enough of them', () => {
    expect(logAxis([0.002, 30])?.ticks).toEqual([0.01, 0.1, 1, 10]);
  });

  it('marks steps within a power of ten where the span is short', () => {
    expect(logAxis([95, 560])?.ticks).toEqual([90, 100, 200, 300, 400, 500, 600]);
    expect(logAxis([98.2, 121])?.ticks).toEqual([100, 105, 110, 115, 120]);
  });

  it('mirrors negative values, largest last', () => {
    const axis = logAxis([-543, -98]);
    expect(axis?.ticks).toEqual([-500, -400, -300, -200, -100, -90]);
    expect(axis?.domain[0]).toBeLessThan(-543);
    expect(axis?.domain[1]).toBeGreaterThan(-98);
    expect(axis?.domain[1]).toBeLessThan(0);
  });

  it('has none for values of both signs, zero, or no values', () => {
    expect([[-1, 1], [0, 1], []].map((values) => logAxis(values))).toEqual([null, null, null]);
  });

  it('puts at least two ticks into the domain, whatever the values', () => {
    const sizes = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(sizes, fc.constantFrom(1, -1), (values, sign) => {
        const axis = logAxis(values.map((value) => sign * value));
        const [low, high] = axis!.domain;
        expect(axis!.ticks.length).toBeGreaterThanOrEqual(2);
        expect(axis!.ticks.length).toBeLessThan(20);
        for (const tick of axis!.ticks) expect(tick >= low && tick <= high).toBe(true);
        for (const value of values) expect(sign * value >= low && sign * value <= high).toBe(true);
      }),
    );
  });
});
