/** A small part of `npm run bench:diagnostics`: mistakes are found, at their line, with the fix; and the program sees who does not look. */
import { describe, expect, it } from 'vitest';
import { readConfigs, tryMutants } from '../../../bench/diagnostics/corpus.js';
import { shortfalls, tabulate } from '../../../bench/diagnostics/judge.js';
import { createRegistry } from '../../../src/runner/registry.js';

const registry = createRegistry();
const configs = readConfigs().filter((_, i) => i % 9 === 0);

describe('configs that are spoilt by a program', () => {
  it('are refused, with the right file and line, and the fix first where it is known', async () => {
    const verdicts = await tryMutants({ configs, registry, rounds: 1, seed: 3 });
    expect(verdicts.length).toBeGreaterThan(200);
    expect(tabulate(verdicts).length).toBeGreaterThan(20);
    expect(shortfalls(verdicts)).toEqual([]);
  });

  it('would show a check that accepts everything, names another place, or knows no fix', async () => {
    const few = { configs: configs.slice(0, 2), registry, rounds: 1, seed: 3 };
    const blind = await tryMutants({ ...few, read: () => Promise.resolve({ yaml: 'other' }) });
    expect(shortfalls(blind)[0]).toMatch(/^\d+ mistakes were accepted silently; none may be$/);
    const vague = await tryMutants({
      ...few,
      read: () =>
        Promise.resolve({
          faults: [
            {
              fault: { code: 'multiple-documents', path: [], at: 'value', facts: {} },
              place: { kind: 'file', file: 'mutant.yaml', source: '', span: null, alias: null },
            },
          ],
        }),
    });
    expect(shortfalls(vague)).toEqual([
      'the right file and line were named for 0.0 %, and should be for 99 %',
      'the fix was suggested first for 0.0 %, and should be for 95 %',
    ]);
  });
});
