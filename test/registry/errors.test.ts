import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/registry/errors.js';
import type { LocatedFault, Span } from '../../src/registry/faults.js';

const at = (span: Span | null, source = 'a: 1\n\tb: \u001b[31m2\n', file = 'x.yaml'): LocatedFault => ({
  fault: { code: 'duplicate-key', path: ['b'], at: 'key', facts: { key: 'b', firstLine: 1 } },
  place: { kind: 'file', file, source, span, alias: null },
});

describe('ConfigError', () => {
  it('sorts faults by file and place, arguments last', () => {
    const argument: LocatedFault = {
      fault: { code: 'bad-override', path: [], at: 'value', facts: { reason: 'no' } },
      place: { kind: 'argument', argument: '--set a' },
    };
    const error = new ConfigError([
      argument,
      at({ line: 2, col: 3, width: 1 }),
      at({ line: 1, col: 9, width: 1 }),
      at({ line: 1, col: 1, width: 1 }),
      at(null),
    ]);
    expect(error.faults.map(({ place }) => (place.kind === 'file' ? [place.span?.line, place.span?.col] : 'argument'))).toEqual([
      [undefined, undefined],
      [1, 1],
      [1, 9],
      [2, 3],
      'argument',
    ]);
    expect(error.code).toBe('duplicate-key');
  });

  it('lets no control character of a file reach the terminal', () => {
    expect(new ConfigError([at({ line: 2, col: 1, width: 1 })]).message).not.toContain('\u001b');
  });

  it('cuts long lines around the caret', () => {
    const { message } = new ConfigError([at({ line: 1, col: 5001, width: 3 }, `${'x'.repeat(5000)}bad${'y'.repeat(5000)}`)]);
    expect(Math.max(...message.split('\n').map((line) => line.length))).toBeLessThan(140);
    const [code, caret] = message.split('\n').slice(-2);
    expect(code?.slice(caret?.indexOf('^'), (caret?.lastIndexOf('^') ?? 0) + 1)).toBe('bad');
  });

  it('stops after fifty faults, and says how many more there are', () => {
    const faults = Array.from({ length: 60 }, (_, i) => at({ line: 1, col: i + 1, width: 1 }));
    expect(new ConfigError(faults).message).toMatch(/\.\.\. and 10 more\.$/);
    expect(new ConfigError(faults).faults).toHaveLength(60);
  });
});
