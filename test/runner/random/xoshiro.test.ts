import { describe, expect, it } from 'vitest';
import { Xoshiro } from '../../../src/runner/random/xoshiro.js';

const MASK = (1n << 32n) - 1n;

/** The authors' C code, word by word in unbounded integers. */
const reference = (start: readonly [bigint, bigint, bigint, bigint], count: number): number[] => {
  const rotate = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & MASK;
  let [s0, s1, s2, s3] = start;
  return Array.from({ length: count }, () => {
    const result = (rotate((s0 + s3) & MASK, 7n) + s0) & MASK;
    const t = (s1 << 9n) & MASK;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = rotate(s3, 11n);
    return Number(result);
  });
};

describe('xoshiro128++', () => {
  it('gives the first outputs of the state 1, 2, 3, 4 that are published with rand_xoshiro', () => {
    const words = new Xoshiro([1, 2, 3, 4]);
    expect(Array.from({ length: 4 }, () => words.next() >>> 0)).toEqual([641, 1573767, 3222811527, 3517856514]);
  });

  it('agrees with the published algorithm in unbounded integers', () => {
    const words = new Xoshiro([0xdeadbeef | 0, 0x12345678, -1, 7]);
    const expected = reference([0xdeadbeefn, 0x12345678n, MASK, 7n], 1000);
    expect(Array.from({ length: 1000 }, () => words.next() >>> 0)).toEqual(expected);
  });

  it('fills arrays with the upper 24 bits of the words that come next, and goes on behind them', () => {
    const [words, bare] = [new Xoshiro([9, -8, 7, -6]), new Xoshiro([9, -8, 7, -6])];
    for (const size of [1, 100, 0, 7]) {
      const out = new Float32Array(size);
      words.uniform(out);
      expect([...out]).toEqual(Array.from({ length: size }, () => (bare.next() >>> 8) / 2 ** 24));
    }
    expect(words.next()).toBe(bare.next());
  });
});
