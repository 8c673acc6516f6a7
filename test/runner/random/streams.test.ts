import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { chiSquareDeviate, correlationDeviate, kolmogorovSmirnov } from './statistics.js';

const uniform = (seed: number, stream: string, tick: number, count: number): Float32Array => {
  const out = new Float32Array(count);
  createRandomStreams(seed).draws(stream, tick).uniform(out);
  return out;
};
const firstDraw = (seed: number, stream: string, tick: number): number => uniform(seed, stream, tick, 1)[0] ?? NaN;

const anyInteger = fc.maxSafeInteger();
const anyTick = fc.maxSafeNat();

describe('a sequence of draws', () => {
  it('is the same whenever it is asked for', () => {
    fc.assert(
      fc.property(anyInteger, fc.string({ unit: 'binary' }), anyTick, (seed, name, tick) => {
        const streams = createRandomStreams(seed);
        const take = (): Float32Array[] => {
          const draws = streams.draws(name, tick);
          const [a, b] = [new Float32Array(3), new Float32Array(3)];
          draws.uniform(a);
          draws.normal(b);
          return [a, b, Float32Array.from(draws.permutation(5)), Float32Array.of(draws.integer(1000))];
        };
        const first = take();
        streams.draws(name, tick + (tick === Number.MAX_SAFE_INTEGER ? -1 : 1)).uniform(new Float32Array(9));
        streams.draws(`${name}x`, tick).normal(new Float32Array(9));
        expect(take()).toEqual(first);
        expect(streams.seed).toBe(seed);
      }),
    );
  });

  it('does not depend on how it is cut into calls', () => {
    const whole = new Float32Array(1000);
    const parts = new Float32Array(1000);
    for (const kind of ['uniform', 'normal'] as const) {
      const streams = createRandomStreams(5);
      streams.draws('a', 0)[kind](whole);
      const draws = streams.draws('a', 0);
      for (let at = 0; at < 1000; at += 125) draws[kind](parts.subarray(at, at + 125));
      expect(parts).toEqual(whole);
    }
  });

  it('differs between seeds, names and ticks, also in their high words', () => {
    const base = { seed: 1, name: 'data/shuffle', tick: 3 };
    const variants = [
      base,
      { ...base, seed: -1 },
      { ...base, seed: 2 },
      { ...base, seed: 1 + 2 ** 32 },
      { ...base, tick: 4 },
      { ...base, tick: 3 + 2 ** 32 },
      { ...base, tick: 3 + 2 ** 52 },
      { ...base, name: 'data/shufflf' },
      { ...base, name: 'data/shuffle\0' },
      { ...base, name: 'data/shuffle\0\0\0\0' },
      { ...base, name: '' },
    ];
    const seen = new Set(variants.map(({ seed, name, tick }) => uniform(seed, name, tick, 4).join()));
    expect(seen.size).toBe(variants.length);
  });

  it('refuses seeds and ticks that are no whole numbers', () => {
    for (const seed of [0.5, NaN, Infinity, 2 ** 53]) expect(() => createRandomStreams(seed)).toThrow(RangeError);
    for (const tick of [-1, 0.5, NaN, 2 ** 53]) expect(() => createRandomStreams(1).draws('a', tick)).toThrow(RangeError);
  });
});

describe('first draws', () => {
  // pure-rand's xoroshiro gives 0.99999 as the first draw of every small seed.
  const names = Array.from({ length: 20_000 }, (_, i) => `init/hidden-${String(i)}/kernel`);
  it.each([
    { of: 'neighbouring seeds', at: (i: number) => firstDraw(i, 'a', 0) },
    { of: 'neighbouring ticks', at: (i: number) => firstDraw(1, 'a', i) },
    { of: 'ticks a word apart', at: (i: number) => firstDraw(1, 'a', i * 2 ** 32) },
    { of: 'negative seeds', at: (i: number) => firstDraw(-i, 'a', 0) },
    { of: 'seeds that are powers of two', at: (i: number) => firstDraw(2 ** (i % 53), 'a', Math.floor(i / 53)) },
    { of: 'similar names', at: (i: number) => firstDraw(0, names[i] ?? '', 0) },
  ])('of $of are uniform and independent', ({ at }) => {
    const values = Float32Array.from(names, (_, i) => at(i));
    expect(Math.abs(chiSquareDeviate(values, 100))).toBeLessThan(4);
    expect(kolmogorovSmirnov(values, (x) => x)).toBeLessThan(1.95);
    expect(Math.abs(correlationDeviate(values.subarray(1), values.subarray(0, -1)))).toBeLessThan(4);
    const pairs = values.subarray(1).map((value, i) => (Math.floor(value * 20) + Math.floor((values[i] ?? 0) * 20) * 20 + 0.5) / 400);
    expect(Math.abs(chiSquareDeviate(pairs, 400))).toBeLessThan(4);
  });
});

describe('uniform draws', () => {
  const values = uniform(1, 'a', 0, 1_000_000);

  it('lie in [0, 1) on a grid of 24 bits', () => {
    expect(values.every((value) => value >= 0 && value < 1 && Number.isInteger(value * 2 ** 24))).toBe(true);
    expect(values.some((value) => (value * 2 ** 24) % 2 === 1)).toBe(true);
  });

  it('have mean 1/2 and variance 1/12 within 4 standard errors', () => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - 0.5) ** 2, 0) / values.length;
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / values.length));
    // Var[(u - 1/2)^2] = 1/80 - 1/144
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(4 * Math.sqrt((1 / 80 - 1 / 144) / values.length));
  });

  it('fill 4,096 bins evenly, by their high and by their low bits', () => {
    expect(Math.abs(chiSquareDeviate(values, 4096))).toBeLessThan(4);
    expect(
      Math.abs(
        chiSquareDeviate(
          values.map((value) => (value * 4096) % 1),
          4096,
        ),
      ),
    ).toBeLessThan(4);
  });

  it('of two streams, two ticks and two seeds are independent', () => {
    const others = [uniform(1, 'b', 0, values.length), uniform(1, 'a', 1, values.length), uniform(2, 'a', 0, values.length)];
    for (const other of others) {
      expect(Math.abs(correlationDeviate(values, other))).toBeLessThan(4);
      const cells = values.map((value, i) => (Math.floor(value * 30) * 30 + Math.floor((other[i] ?? 0) * 30) + 0.5) / 900);
      expect(Math.abs(chiSquareDeviate(cells, 900))).toBeLessThan(4);
    }
  });
});

describe('integers', () => {
  it('lie in their range', () => {
    fc.assert(
      fc.property(anyInteger, fc.integer({ min: 1, max: 2 ** 32 }), (seed, below) => {
        const value = createRandomStreams(seed).draws('a', 0).integer(below);
        expect(Number.isInteger(value) && value >= 0 && value < below).toBe(true);
      }),
    );
  });

  it.each([3, 10, 7 * 2 ** 20, 3 * 2 ** 30, 2 ** 32])('below %d are uniform, without a bias towards small ones', (below) => {
    const draws = createRandomStreams(1).draws('a', below);
    const values = Array.from({ length: 100_000 }, () => draws.integer(below) / below);
    expect(Math.abs(chiSquareDeviate(values, below % 3 === 0 ? 3 : below % 7 === 0 ? 7 : 2))).toBeLessThan(4);
  });

  it('cannot be drawn below less than 1, more than 2^32, or a fraction', () => {
    const draws = createRandomStreams(1).draws('a', 0);
    for (const below of [0, -1, 1.5, NaN, 2 ** 32 + 1]) expect(() => draws.integer(below)).toThrow(RangeError);
  });
});

describe('permutations', () => {
  it('hold each of 0..count-1 once', () => {
    fc.assert(
      fc.property(anyInteger, fc.nat({ max: 300 }), (seed, count) => {
        const order = createRandomStreams(seed).draws('a', 0).permutation(count);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
    );
  });

  it('of four come in all 24 orders equally often', () => {
    const streams = createRandomStreams(1);
    const orders = new Map<string, number>();
    const rank = (order: Int32Array): number => {
      const key = order.join();
      orders.set(key, orders.get(key) ?? orders.size);
      return (orders.get(key) ?? 0) + 0.5;
    };
    const ranks = Array.from({ length: 48_000 }, (_, tick) => rank(streams.draws('data/shuffle', tick).permutation(4)) / 24);
    expect(orders.size).toBe(24);
    expect(Math.abs(chiSquareDeviate(ranks, 24))).toBeLessThan(4);
  });
});

// A change here changes every run that was ever made. The uniform draws were also computed by a separate program, in Python.
describe('golden values', () => {
  it('of seed 1, stream "data/shuffle", tick 0', () => {
    const draws = createRandomStreams(1).draws('data/shuffle', 0);
    const [uniforms, normals] = [new Float32Array(4), new Float32Array(4)];
    draws.uniform(uniforms);
    draws.normal(normals);
    expect([...uniforms]).toEqual([0.9020723700523376, 0.001834869384765625, 0.2732378840446472, 0.32587796449661255]);
    expect([...normals]).toEqual([0.22811026871204376, 0.21863953769207, 0.04682255908846855, -0.48870161175727844]);
    expect([draws.integer(10), draws.integer(1000), draws.integer(2 ** 32)]).toEqual([8, 102, 2784394996]);
    expect([...draws.permutation(10)]).toEqual([0, 1, 7, 3, 5, 8, 9, 2, 6, 4]);
  });

  it('of a negative seed of 53 bits, a name with characters beyond ASCII, and a tick beyond 32 bits', () => {
    const draws = createRandomStreams(-(2 ** 53) + 1).draws('größe/🎲', 2 ** 33 + 5);
    const normals = new Float32Array(4);
    draws.normal(normals);
    expect([...normals]).toEqual([0.6811813712120056, 0.5258782505989075, 0.3254549205303192, -0.8351781368255615]);
  });
});
