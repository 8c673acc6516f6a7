/**
 * The run's random streams. A draw is a pure function of (seed, stream name, tick, position), so that there is no state to
 * save and no stream can shift another:
 *
 *   key   = threefry(... threefry(threefry(seed, [length, 0]), name[0..3]) ..., name[n-4..n-1])     once per name
 *   state = threefry(key, tick), threefry(key, tick + 2^63)                                       once per tick
 *   words = xoshiro128++ from that state
 *
 * Seeds and ticks are small numbers that differ in a bit or two: handed to a generator as its state they would give first
 * draws that resemble each other. Beginning the chain with the name's length makes no name the beginning of another, which
 * is what a chain of keyed functions needs to be one (Bellare, Canetti, Krawczyk 1996).
 */
import type { Draws, RandomStreams } from '../../registry/contracts/index.js';
import { threefry, type Block } from './threefry.js';
import { Xoshiro } from './xoshiro.js';
import { fillNormal } from './ziggurat.js';

const WORD = 2 ** 32;

/** Two's complement of a safe integer, in two words. */
const split = (value: number): Block => [value | 0, Math.floor(value / WORD) | 0];

const streamKey = (seed: Block, name: string): Block => {
  // Past its end a string's charCodeAt is NaN, which `|` takes for 0.
  const pair = (at: number): number => name.charCodeAt(at) | (name.charCodeAt(at + 1) << 16);
  let key = threefry(seed, [name.length, 0]);
  for (let i = 0; i < name.length; i += 4) key = threefry(key, [pair(i), pair(i + 2)]);
  return key;
};

class Sequence implements Draws {
  readonly #words: Xoshiro;

  constructor(words: Xoshiro) {
    this.#words = words;
  }

  uniform(out: Float32Array): void {
    this.#words.uniform(out);
  }

  normal(out: Float32Array): void {
    fillNormal(this.#words, out);
  }

  integer(below: number): number {
    if (!Number.isInteger(below) || below < 1 || below > WORD) throw new RangeError(`no integer can be drawn below ${String(below)}`);
    // Words behind the last whole multiple of `below` would favour the small remainders.
    const limit = WORD - (WORD % below);
    for (;;) {
      const word = this.#words.next() >>> 0;
      if (word < limit) return word % below;
    }
  }

  permutation(count: number): Int32Array {
    const order = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const j = this.integer(i + 1);
      order[i] = order[j] ?? 0;
      order[j] = i;
    }
    return order;
  }
}

/**
 * @param seed Any safe integer, also a negative one.
 * @throws RangeError where the seed, or a later tick (>= 0), is no safe integer.
 */
export const createRandomStreams = (seed: number): RandomStreams => {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`a seed is a whole number of at most 53 bits, not ${String(seed)}`);
  const seedWords = split(seed);
  // Names are few: what changes from step to step is the tick.
  const keys = new Map<string, Block>();
  return {
    seed,
    draws: (stream, tick) => {
      if (!Number.isSafeInteger(tick) || tick < 0)
        throw new RangeError(`a tick counts from 0, ${String(tick)} does not (stream "${stream}")`);
      let key = keys.get(stream);
      if (key === undefined) {
        key = streamKey(seedWords, stream);
        keys.set(stream, key);
      }
      // A tick leaves the top bits free: one of them tells the two blocks apart, and unequal blocks are never both zero.
      const [low, high] = split(tick);
      return new Sequence(new Xoshiro([...threefry(key, [low, high]), ...threefry(key, [low, high | (1 << 31)])]));
    },
  };
};
