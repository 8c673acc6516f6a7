/**
 * Threefry-2x32 with 20 rounds: a keyed bijection of 64-bit blocks that turns neighbouring counters into unrelated words.
 * Source: Salmon, Moraes, Dror, Shaw 2011, "Parallel Random Numbers: As Easy as 1, 2, 3".
 */

/** Two 32-bit words, as signed integers. */
export type Block = readonly [number, number];

const PARITY = 0x1bd11bda;

/** Encrypts `counter` under `key`. */
export const threefry = (key: Block, counter: Block): Block => {
  const k0 = key[0] | 0;
  const k1 = key[1] | 0;
  const k2 = PARITY ^ k0 ^ k1;
  let x = (counter[0] + k0) | 0;
  let y = (counter[1] + k1) | 0;
  // The key goes in again after every four rounds, its three words in turn; the first word then waits two turns.
  let [next, afterNext, last] = [k1, k2, k0];
  for (let turn = 1; turn <= 5; turn++) {
    // The rotations of the paper's table 2: odd turns the first four, even turns the last four.
    const odd = (turn & 1) === 1;
    x = (x + y) | 0;
    y = x ^ (odd ? (y << 13) | (y >>> 19) : (y << 17) | (y >>> 15));
    x = (x + y) | 0;
    y = x ^ (odd ? (y << 15) | (y >>> 17) : (y << 29) | (y >>> 3));
    x = (x + y) | 0;
    y = x ^ (odd ? (y << 26) | (y >>> 6) : (y << 16) | (y >>> 16));
    x = (x + y) | 0;
    y = x ^ (odd ? (y << 6) | (y >>> 26) : (y << 24) | (y >>> 8));
    x = (x + next) | 0;
    y = (y + afterNext + turn) | 0;
    [next, afterNext, last] = [afterNext, last, next];
  }
  return [x, y];
};
