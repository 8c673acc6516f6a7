/** When a checkpoint is due, and which are kept. */
import type { HistoryRow } from '../../registry/contracts/index.js';

/** `checkpoints` of an experiment. */
export interface CheckpointRules {
  readonly every: { readonly epochs: number | null; readonly steps: number | null; readonly minutes: number | null };
  /** How many of the newest are kept. */
  readonly keep: number;
  readonly best: { readonly metric: string; readonly mode: 'max' | 'min'; readonly keep: number } | null;
}

/** Steps of the best rows, the best first; of equal ones the earlier is the better. */
const bestSteps = (best: CheckpointRules['best'], history: readonly HistoryRow[]): readonly number[] => {
  if (best === null) return [];
  const { metric, mode, keep } = best;
  const sign = mode === 'max' ? -1 : 1;
  return history
    .flatMap(({ step, [metric]: value }) => (typeof step === 'number' && typeof value === 'number' ? [{ step, value: sign * value }] : []))
    .toSorted((a, b) => a.value - b.value || a.step - b.step)
    .slice(0, keep)
    .map(({ step }) => step);
};

export interface CheckpointPolicy {
  /** Whether the state behind `step` is to be kept; asked once for each step. */
  isDue(step: number, history: readonly HistoryRow[]): boolean;
  /** Of the steps that there are checkpoints of, those that may go. */
  obsolete(steps: readonly number[], history: readonly HistoryRow[]): readonly number[];
}

/** `elapsedMs` is the time of this session; `stepsPerEpoch` tells epochs. */
export const createCheckpointPolicy = (
  { every, keep, best }: CheckpointRules,
  stepsPerEpoch: number,
  elapsedMs: () => number,
): CheckpointPolicy => {
  let last = elapsedMs();
  return {
    isDue: (step, history) => {
      const now = elapsedMs();
      const isOver = every.minutes !== null && now - last >= every.minutes * 60_000;
      const isEpoch = step % stepsPerEpoch === 0;
      const isDue =
        isOver ||
        (every.steps !== null && step % every.steps === 0) ||
        (every.epochs !== null && isEpoch && (step / stepsPerEpoch) % every.epochs === 0) ||
        (history.at(-1)?.['step'] === step && bestSteps(best, history).includes(step));
      if (isDue) last = now;
      return isDue;
    },
    obsolete: (steps, history) => {
      const kept = new Set([...steps.slice(-keep), ...bestSteps(best, history)]);
      return steps.filter((step) => !kept.has(step));
    },
  };
};

/** Early stopping: whether `patience` epochs have passed without the best value becoming better by more than `minDelta`. */
export interface StoppingRule {
  readonly metric: string;
  readonly mode: 'max' | 'min';
  readonly patience: number;
  readonly minDelta: number;
}

export const isEnough = (rule: StoppingRule | null, history: readonly HistoryRow[]): boolean => {
  if (rule === null) return false;
  const sign = rule.mode === 'max' ? 1 : -1;
  let [best, since] = [-Infinity, 0];
  for (const { [rule.metric]: value } of history) {
    // A metric with a rhythm of its own says nothing in between.
    if (typeof value !== 'number') continue;
    if (sign * value > best + rule.minDelta) [best, since] = [sign * value, 0];
    else since++;
  }
  return since >= rule.patience;
};
