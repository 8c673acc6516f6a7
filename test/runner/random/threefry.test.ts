import { describe, expect, it } from 'vitest';
import { threefry, type Block } from '../../../src/runner/random/threefry.js';

const unsigned = ([x, y]: Block): Block => [x >>> 0, y >>> 0];

describe('threefry-2x32-20', () => {
  // The file kat_vectors of Random123.
  const known: readonly { readonly counter: Block; readonly key: Block; readonly expected: Block }[] = [
    { counter: [0, 0], key: [0, 0], expected: [0x6b200159, 0x99ba4efe] },
    { counter: [0xffffffff, 0xffffffff], key: [0xffffffff, 0xffffffff], expected: [0x1cb996fc, 0xbb002be7] },
    { counter: [0x243f6a88, 0x85a308d3], key: [0x13198a2e, 0x03707344], expected: [0xc4923a9c, 0x483df7a0] },
  ];

  it.each(known)('gives the published answer for counter $counter under key $key', ({ counter, key, expected }) => {
    expect(unsigned(threefry(key, counter))).toEqual(expected);
  });

  it('takes signed and unsigned words alike', () => {
    expect(threefry([-1, -1], [-1, -1])).toEqual(threefry([0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff]));
  });

  it('changes about half of the 64 output bits when one input bit changes', () => {
    const bitCount = (word: number): number => (word >>> 0).toString(2).replaceAll('0', '').length;
    const [x, y] = threefry([1, 2], [3, 4]);
    for (let bit = 0; bit < 32; bit++) {
      for (const [u, v] of [threefry([1, 2], [3 ^ (1 << bit), 4]), threefry([1, 2 ^ (1 << bit)], [3, 4])]) {
        const changed = bitCount(x ^ u) + bitCount(y ^ v);
        expect(changed).toBeGreaterThan(12);
        expect(changed).toBeLessThan(52);
      }
    }
  });
});
