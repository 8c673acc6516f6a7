/** Rhythms of checkpoints, which are kept, and when enough is enough. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryRow } from '../../../src/registry/contracts/index.js';
import { createCheckpointPolicy, isEnough, type CheckpointRules } from '../../../src/runner/train/checkpoint-policy.js';

const never: CheckpointRules = { every: { epochs: null, steps: null, minutes: null }, keep: 1, best: null };
const rowsOf = (...values: readonly (number | null)[]): readonly HistoryRow[] =>
  values.map((value, epoch) => ({ epoch, step: 10 * epoch, 'validation.elbo': value }));

const dueSteps = (rules: CheckpointRules, last: number, elapsedMs: (step: number) => number = () => 0): readonly number[] => {
  let step = 0;
  const policy = createCheckpointPolicy(rules, 10, () => elapsedMs(step));
  const due: number[] = [];
  for (step = 1; step <= last; step++) if (policy.isDue(step, [])) due.push(step);
  return due;
};

describe('a checkpoint', () => {
  it('is never due without a rhythm', () => {
    expect(dueSteps(never, 40)).toEqual([]);
  });

  it('is due after so many steps, and after so many epochs', () => {
    expect(dueSteps({ ...never, every: { ...never.every, steps: 7 } }, 30)).toEqual([7, 14, 21, 28]);
    expect(dueSteps({ ...never, every: { ...never.every, epochs: 2 } }, 50)).toEqual([20, 40]);
    expect(dueSteps({ ...never, every: { epochs: 1, steps: 15, minutes: null } }, 30)).toEqual([10, 15, 20, 30]);
  });

  it('is due when so many minutes have passed since the last of any rhythm', () => {
    const perStep = 25_000;
    expect(dueSteps({ ...never, every: { ...never.every, minutes: 2 } }, 12, (step) => step * perStep)).toEqual([5, 10]);
    expect(dueSteps({ ...never, every: { steps: 4, epochs: null, minutes: 2 } }, 12, (step) => step * perStep)).toEqual([4, 8, 12]);
  });

  it('is due behind one of the best epochs, and kept as long as it is one', () => {
    const best = { metric: 'validation.elbo', mode: 'max', keep: 2 } as const;
    const policy = createCheckpointPolicy({ ...never, best }, 10, () => 0);
    const history = rowsOf(-5, -3, -4, null, -6, -1);
    const due = history.map((_, i) => policy.isDue(10 * i, history.slice(0, i + 1)));
    expect(due).toEqual([true, true, true, false, false, true]);
    expect(policy.obsolete([0, 10, 20, 50], history)).toEqual([0, 20]);
    const least = createCheckpointPolicy({ ...never, best: { ...best, mode: 'min', keep: 1 } }, 10, () => 0);
    expect(least.obsolete([0, 10, 40, 50], history)).toEqual([0, 10]);
  });

  it('goes when it is none of the newest', () => {
    const policy = createCheckpointPolicy({ ...never, keep: 2 }, 10, () => 0);
    expect(policy.obsolete([3, 6, 9, 12], [])).toEqual([3, 6]);
    expect(policy.obsolete([3], [])).toEqual([]);
  });
});

describe('early stopping', () => {
  const rule = { metric: 'validation.elbo', mode: 'max', patience: 2, minDelta: 0 } as const;

  it('waits for as many epochs without a better value as it has patience', () => {
    expect(isEnough(rule, rowsOf(-5, -3, -4))).toBe(false);
    expect(isEnough(rule, rowsOf(-5, -3, -4, -3))).toBe(true);
    expect(isEnough(rule, rowsOf(-5, -3, -4, -2, -3))).toBe(false);
    expect(isEnough({ ...rule, mode: 'min' }, rowsOf(1, 2, 0, 1))).toBe(false);
    expect(isEnough({ ...rule, mode: 'min' }, rowsOf(1, 2, 0, 1, 0))).toBe(true);
  });

  it('counts what is better by less than `minDelta` as no better', () => {
    expect(isEnough({ ...rule, minDelta: 1 }, rowsOf(-5, -4.5, -4.1))).toBe(true);
    expect(isEnough({ ...rule, minDelta: 1 }, rowsOf(-5, -4.5, -3.9))).toBe(false);
  });

  it('never ends a run whose figure gets better in every epoch, nor one without the rule', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.001, max: 5, noNaN: true }), { maxLength: 30 }), (gains) => {
        let value = -100;
        const history = rowsOf(...gains.map((gain) => (value += gain)));
        expect(isEnough(rule, history)).toBe(false);
        expect(isEnough(null, rowsOf(...gains.map((gain) => -gain)))).toBe(false);
      }),
    );
  });
});
