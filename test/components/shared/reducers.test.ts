import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMaxima, createMeans, createVariances, joinReducers } from '../../../src/components/shared/reducers.js';

describe('means', () => {
  it('are taken by column, without the padding of a last batch', () => {
    const means = createMeans('v', 2);
    means.add({ v: Float32Array.of(1, 10, 3, 20) }, 2);
    means.add({ v: Float32Array.of(5, 60, 999, 999) }, 1);
    expect(means.result()).toEqual([3, 30]);
  });

  it('keep double precision over many examples', () => {
    const means = createMeans('v', 1);
    const batch = { v: new Float32Array(1000).fill(Math.fround(0.1)) };
    for (let i = 0; i < 1000; i++) means.add(batch, 1000);
    expect(means.result()[0]).toBeCloseTo(Math.fround(0.1), 10);
  });

  it('are refused where nothing was measured under that name', () => {
    expect(() => {
      createMeans('v', 1).add({}, 1);
    }).toThrow('"v"');
  });
});

describe('maxima', () => {
  it('are taken by column, without the padding of a last batch', () => {
    const maxima = createMaxima('v', 2);
    maxima.add({ v: Float32Array.of(1, -10, 3, -20) }, 2);
    maxima.add({ v: Float32Array.of(2, -15, 999, 999) }, 1);
    expect(maxima.result()).toEqual([3, -10]);
  });
});

describe('joined reducers', () => {
  it('see the same rows, and give their columns in order', () => {
    const joined = joinReducers([createMaxima('a', 1), createMeans('b', 1)]);
    joined.add({ a: Float32Array.of(1, 5), b: Float32Array.of(2, 4) }, 2);
    expect(joined.result()).toEqual([5, 3]);
  });
});

describe('variances', () => {
  it('are taken by column: 1, 2, 3, 4 and a constant', () => {
    const variances = createVariances('v', 2);
    variances.add({ v: Float32Array.of(1, 7, 2, 7, 3, 7) }, 3);
    variances.add({ v: Float32Array.of(4, 7, 0, 0, 0, 0) }, 1);
    expect(variances.result()).toEqual([1.25, 0]);
  });

  it('survive a mean that dwarfs the spread', () => {
    const variances = createVariances('v', 1);
    for (let i = 0; i < 100; i++) variances.add({ v: Float32Array.of(1_000_000, 1_000_000.5) }, 2);
    expect(variances.result()[0]).toBeCloseTo(0.0625, 10);
  });

  it('do not depend on how examples fall into batches', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        (values, size) => {
          const whole = createVariances('v', 1);
          whole.add({ v: Float32Array.from(values) }, values.length);
          const parts = createVariances('v', 1);
          for (let i = 0; i < values.length; i += size)
            parts.add({ v: Float32Array.from(values.slice(i, i + size)) }, Math.min(size, values.length - i));
          expect(parts.result()[0]).toBeCloseTo(whole.result()[0]!, 7);
        },
      ),
    );
  });
});
