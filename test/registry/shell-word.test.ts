import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellWord } from '../../src/registry/shell-word.js';

describe('shellWord', () => {
  it.each([
    ['results/vae-20d/20261123-061902-a1b2', 'results/vae-20d/20261123-061902-a1b2'],
    ['Ergebnisse ä/q', `'Ergebnisse ä/q'`],
    ['größe/q', 'größe/q'],
    [`it's/$HOME`, `'it'\\''s/$HOME'`],
    ['', `''`],
  ])('writes %j as %s', (text, expected) => {
    expect(shellWord(text, false)).toBe(expected);
  });

  it('quotes as Windows does on Windows', () => {
    expect(shellWord('results\\vae\\1', true)).toBe('results\\vae\\1');
    expect(shellWord('C:\\my results', true)).toBe('"C:\\my results"');
  });

  it.skipIf(process.platform === 'win32')('is read by a shell as the text that it was', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 30 }), (texts) => {
        const words = texts.map((text) => text.replaceAll('\0', ''));
        const said = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map((word) => shellWord(word)).join(' ')}`], { encoding: 'utf8' });
        expect(said.split('\0').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 20 },
    );
  });
});
