import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPath, parsePath } from '../../src/registry/path.js';

describe('parsePath', () => {
  it('reads what formatPath has written', () => {
    const word = fc.string({ minLength: 1 }).filter((text) => !/["\\\p{Cc}\p{Cs}]/u.test(text));
    const path = fc.tuple(word, fc.array(fc.oneof(word, fc.nat())));
    fc.assert(
      fc.property(path, ([first, rest]) => {
        expect(parsePath(formatPath([first, ...rest]))).toEqual([first, ...rest]);
      }),
    );
  });

  it.each(['', '.a', 'a.', 'a..b', 'a[', 'a[x]', 'a[""]', 'a["b]', '[0]', 'a["\n"]', 'a b'])('takes %j for no path', (text) => {
    expect(parsePath(text)).toBeNull();
  });
});
