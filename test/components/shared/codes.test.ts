/** Paths between codes, and the choice of their ends. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { farthestPair, interpolate } from '../../../src/components/shared/codes.js';

const code = fc
  .array(fc.float({ min: -3, max: 3, noNaN: true }), { minLength: 3, maxLength: 3 })
  .map((values) => Float32Array.from(values));
const length = (values: Float32Array): number => Math.hypot(...values);
const at = (codes: Float32Array, i: number, size: number): Float32Array => codes.subarray(i * size, (i + 1) * size);

describe('interpolate', () => {
  it('goes straight in even steps', () => {
    expect([...interpolate(Float32Array.of(0, 1), Float32Array.of(4, -1), 5, 'linear')]).toEqual([0, 1, 1, 0.5, 2, 0, 3, -0.5, 4, -1]);
  });

  it('goes along the arc in even angles', () => {
    const codes = interpolate(Float32Array.of(2, 0), Float32Array.of(0, 2), 4, 'spherical');
    for (let i = 0; i < 4; i++) {
      expect(codes[2 * i]).toBeCloseTo(2 * Math.cos((i * Math.PI) / 6), 6);
      expect(codes[2 * i + 1]).toBeCloseTo(2 * Math.sin((i * Math.PI) / 6), 6);
    }
  });

  it('begins and ends where it is told, and makes numbers of anything', () => {
    fc.assert(
      fc.property(code, code, fc.constantFrom('linear' as const, 'spherical' as const), (from, to, path) => {
        const codes = interpolate(from, to, 9, path);
        for (let d = 0; d < 3; d++) {
          expect(at(codes, 0, 3)[d]).toBeCloseTo(from[d]!, 4);
          expect(at(codes, 8, 3)[d]).toBeCloseTo(to[d]!, 4);
        }
        expect(codes.every((value) => Number.isFinite(value))).toBe(true);
      }),
    );
  });

  it('keeps the length of codes on the arc between two of one length', () => {
    fc.assert(
      fc.property(code, code, (from, to) => {
        fc.pre(length(from) > 0.1 && length(to) > 0.1);
        const scaled = to.map((value) => (value * length(from)) / length(to));
        const cosine = from.reduce((sum, value, i) => sum + value * scaled[i]!, 0) / length(from) ** 2;
        fc.pre(Math.abs(cosine) < 0.999);
        const codes = interpolate(from, scaled, 5, 'spherical');
        for (let i = 0; i < 5; i++) expect(length(at(codes, i, 3)) / length(from)).toBeCloseTo(1, 3);
      }),
    );
  });

  it('is straight between opposite codes, and from 0, where there is no arc', () => {
    for (const [from, to] of [
      [Float32Array.of(1, 0), Float32Array.of(-1, 0)],
      [Float32Array.of(0, 0), Float32Array.of(2, 2)],
    ] as const)
      expect(interpolate(from, to, 5, 'spherical')).toEqual(interpolate(from, to, 5, 'linear'));
  });
});

describe('farthestPair', () => {
  it('finds the two rows of a range that lie farthest apart, the first of several', () => {
    const rows = Float32Array.of(0, 0, 100, 100, 1, 1, 2, 1, 0, 1, -50, 0);
    expect(farthestPair(rows, 2, 2, 3)).toEqual([3, 4]);
    expect(farthestPair(rows, 2, 0, 6)).toEqual([1, 5]);
    expect(farthestPair(new Float32Array(8), 2, 0, 4)).toEqual([0, 1]);
  });
});
