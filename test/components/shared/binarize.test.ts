import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSampler, describeBinarization, supportOf, threshold } from '../../../src/components/shared/binarize.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';

const sampled = (seed: number, index: number, values: readonly number[]): number[] => {
  const out = Float32Array.from(values);
  createSampler(createRandomStreams(seed), out.length)(out, index);
  return [...out];
};

describe('threshold', () => {
  it('gives 1 above one half and 0 elsewhere', () => {
    const values = Float32Array.of(0, 127 / 255, 0.5, 128 / 255, 1);
    threshold(values, 0);
    expect([...values]).toEqual([0, 0, 0, 1, 1]);
  });
});

describe('a Bernoulli sample', () => {
  it('leaves 0 and 1 as they are and gives nothing else', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), fc.array(fc.constantFrom(0, 0.2, 0.9, 1), { minLength: 1 }), (seed, index, values) => {
        const bits = sampled(seed, index, values);
        expect(bits.every((bit, i) => (values[i] === 0 || values[i] === 1 ? bit === values[i] : bit === 0 || bit === 1))).toBe(true);
      }),
    );
  });

  it('depends on seed, index and position, not on what was drawn before or on the other values', () => {
    const grey = Array.from({ length: 64 }, () => 0.5);
    const sampler = createSampler(createRandomStreams(3), 64);
    const first = Float32Array.from(grey);
    sampler(first, 7);
    sampler(Float32Array.from(grey), 8);
    const again = Float32Array.from(grey);
    sampler(again, 7);
    expect(again).toEqual(first);
    expect(sampled(3, 8, grey)).not.toEqual([...first]);
    expect(sampled(4, 7, grey)).not.toEqual([...first]);
    expect(sampled(3, 7, grey.fill(0, 0, 32)).slice(32)).toEqual([...first].slice(32));
  });

  it('is 1 with probability p', () => {
    const numDraws = 100_000;
    for (const p of [1 / 255, 0.1, 0.5, 254 / 255]) {
      const ones = sampled(
        1,
        0,
        Array.from({ length: numDraws }, () => p),
      ).reduce((sum, bit) => sum + bit, 0);
      expect(Math.abs(ones - numDraws * p)).toBeLessThan(4 * Math.sqrt(numDraws * p * (1 - p)));
    }
  });
});

describe('a binarization', () => {
  it('is binary unless it is none', () => {
    expect(supportOf('none')).toBe('unit-interval');
    for (const binarization of ['threshold', 'static', 'dynamic'] as const) expect(supportOf(binarization)).toBe('binary');
  });

  it('has a description of its own, with the seed where it matters', () => {
    const descriptions = (['none', 'threshold', 'static', 'dynamic'] as const).map((each) => describeBinarization(each, 17));
    expect(new Set(descriptions).size).toBe(4);
    expect(descriptions.map((text) => text.includes('seed 17'))).toEqual([false, false, true, true]);
  });
});
