/** Modes: what belongs to which, worked by hand and against what a perfect sampler would score. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createModeCounts } from '../../../src/components/shared/modes.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';

const line = {
  means: [
    [0, 0],
    [10, 0],
    [0, 10],
    [10, 10],
  ],
  deviation: 1,
};

const countOf = (samples: readonly (readonly [number, number])[], mixture = line) => {
  const counts = createModeCounts(mixture);
  counts.add(Float32Array.from(samples.flat()), samples.length);
  return { covered: counts.covered(), highQuality: counts.highQuality(), reverseKl: counts.reverseKl() };
};

describe('mode counts', () => {
  it('cover a mode by a sample within three deviations, and give every sample to its nearest mode', () => {
    const { covered, highQuality, reverseKl } = countOf([
      [0, 3],
      [2.9, 0],
      [10, 3.1],
      [10, 2],
    ]);
    expect(covered).toBe(2);
    expect(highQuality).toBe(0.75);
    // Shares 1/2, 1/2, 0 and 0 of four modes.
    expect(reverseKl).toBeCloseTo(Math.LN2, 12);
  });

  it('do not cover a mode that only bad samples are near', () => {
    expect(countOf([[4, 0]])).toEqual({ covered: 0, highQuality: 0, reverseKl: Math.log(4) });
  });

  it('are balanced at KL 0', () => {
    expect(
      countOf([
        [0, 0],
        [10, 0],
        [0, 10],
        [10, 10],
      ]),
    ).toEqual({ covered: 4, highQuality: 1, reverseKl: 0 });
  });

  it('add up over batches, without padding', () => {
    const counts = createModeCounts(line);
    counts.add(Float32Array.of(0, 0, 10, 0, 0, 10), 2);
    counts.add(Float32Array.of(10, 10), 1);
    expect([counts.covered(), counts.highQuality()]).toEqual([3, 1]);
    expect(() => {
      counts.add(Float32Array.of(1, 2), 2);
    }).toThrow('2 samples of 2 values');
  });

  it('count what is no number as bad', () => {
    expect(
      countOf([
        [NaN, 0],
        [0, 0],
      ]).highQuality,
    ).toBe(0.5);
  });

  it('give samples of the mixture itself 98.889 % in the plane: 1 - exp(-9/2)', () => {
    const draws = createRandomStreams(1).draws('modes', 0);
    const numSamples = 40_000;
    const noise = new Float32Array(2 * numSamples);
    draws.normal(noise);
    const means = Array.from({ length: 8 }, (_, k) => [2 * Math.cos((Math.PI * k) / 4), 2 * Math.sin((Math.PI * k) / 4)]);
    const samples = Float32Array.from(noise, (value, i) => means[Math.floor(i / 2) % 8]![i % 2]! + 0.05 * value);
    const counts = createModeCounts({ means, deviation: 0.05 });
    counts.add(samples, numSamples);
    // Four deviations of the share.
    expect(Math.abs(counts.highQuality() - (1 - Math.exp(-4.5)))).toBeLessThan(4 * Math.sqrt((0.0111 * 0.9889) / numSamples));
    expect(counts.covered()).toBe(8);
    expect(counts.reverseKl()).toBeCloseTo(0, 12);
  });

  it('keep KL between 0 and ln M', () => {
    const coordinate = fc.float({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 30 }), (samples) => {
        const { reverseKl, covered } = countOf(samples);
        expect(reverseKl).toBeGreaterThanOrEqual(-1e-12);
        expect(reverseKl).toBeLessThanOrEqual(Math.log(4) + 1e-12);
        expect(covered).toBeLessThanOrEqual(4);
      }),
    );
  });
});
