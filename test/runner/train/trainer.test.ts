import { describe, expect, it } from 'vitest';
import type { HistoryRow } from '../../../src/registry/contracts/index.js';
import { RunError } from '../../../src/runner/errors.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { TrainingBatches } from '../../../src/runner/train/batches.js';
import type { UpdateColumns } from '../../../src/runner/train/losses.js';
import { historyColumns, train, type Outcome, type TrainerParts, type TrainingState } from '../../../src/runner/train/trainer.js';
import { numberData } from './parts.js';

interface Setting {
  readonly totalSteps: number;
  /** The loss of the step with this tick. */
  readonly loss?: (tick: number) => Readonly<Record<string, number>>;
  readonly figure?: (epoch: number) => number | null;
  /** Asked with the number of finished steps. */
  readonly stopAfter?: number;
  readonly start?: TrainingState;
  readonly history?: readonly HistoryRow[];
  readonly isEnough?: (history: readonly HistoryRow[]) => boolean;
  /** Whether what is no number is left out. */
  readonly isSkipped?: boolean;
}

interface Told {
  readonly outcome: Outcome | RunError;
  readonly calls: readonly string[];
  readonly history: readonly HistoryRow[];
  /** As they were told, step by step. */
  readonly states: readonly TrainingState[];
}

const columns: UpdateColumns = {
  total: 'loss',
  learningRate: 'learning-rate',
  gradientNorm: null,
  term: (name) => `loss.${name}`,
  all: ['loss', 'loss.kl'],
};

/** Training with 4 steps an epoch, where each part only says that it was called. */
const tell = async ({
  totalSteps,
  loss = (tick) => ({ loss: tick, 'loss.kl': 10 * tick }),
  figure = (epoch) => -epoch,
  stopAfter = Infinity,
  start,
  history: earlier = [],
  isEnough = () => false,
  isSkipped = false,
}: Setting): Promise<Told> => {
  const calls: string[] = [];
  const states: TrainingState[] = [];
  const history = [...earlier];
  let finished = start?.step ?? 0;
  const data = numberData({ train: 9, validation: 2, test: 0 });
  const parts: TrainerParts = {
    batches: new TrainingBatches(data, 2, createRandomStreams(1)),
    round: {
      run: (_, tick) => {
        calls.push(`run ${String(tick)}`);
        finished++;
        return Promise.resolve(loss(tick));
      },
    },
    updates: [{ columns, learningRateAt: (step) => 100 - step }],
    evaluator: {
      measure: (split) => {
        calls.push(`measure ${split}`);
        return Promise.resolve({ elbo: split === 'train' ? figure(finished / 4) : null });
      },
    },
    config: 'configs/toy.yaml',
    totalSteps,
    start: start ?? null,
    shouldStop: () => finished >= stopAfter,
    isEnough,
    onStep: (step, value) => {
      calls.push(`step ${String(step)} ${String(value)}`);
    },
    onEpoch: (row, { epoch, step, isLast }) => {
      expect(history.at(-1)).toBe(row);
      calls.push(`epoch ${String(epoch)} at ${String(step)}${isLast ? ', the last' : ''}`);
      return Promise.resolve();
    },
    onNonFinite: (error) => {
      if (isSkipped) calls.push(`left out: ${error.code}`);
      return isSkipped ? Promise.resolve() : Promise.reject(error);
    },
    onState: (state, isLast) => {
      states.push(state);
      if (isLast) calls.push(`last state at ${String(state.step)}`);
      return Promise.resolve();
    },
    history,
  };
  const outcome = await train(parts).catch((error: unknown) => {
    if (error instanceof RunError) return error;
    throw error;
  });
  return { outcome, calls, history, states };
};

describe('train', () => {
  it('measures before training, then runs and reports step by step', async () => {
    const { calls, outcome } = await tell({ totalSteps: 2 });
    expect(calls).toEqual([
      ...['measure train', 'measure validation', 'epoch 0 at 0'],
      ...['run 0', 'step 1 0'],
      ...['run 1', 'step 2 1'],
      ...['last state at 2', 'measure train', 'measure validation', 'epoch 1 at 2, the last'],
    ]);
    expect(outcome).toMatchObject({ state: { step: 2 }, interrupted: false });
  });

  it('has a row for each epoch: means of its losses, the rate of its last step, figures afterwards', async () => {
    const { history } = await tell({ totalSteps: 8 });
    expect(history).toEqual([
      { epoch: 0, step: 0, loss: null, 'loss.kl': null, 'learning-rate': 100, 'train.elbo': -0, 'validation.elbo': null },
      { epoch: 1, step: 4, loss: 1.5, 'loss.kl': 15, 'learning-rate': 97, 'train.elbo': -1, 'validation.elbo': null },
      { epoch: 2, step: 8, loss: 5.5, 'loss.kl': 55, 'learning-rate': 93, 'train.elbo': -2, 'validation.elbo': null },
    ]);
    for (const row of history) expect(Object.keys(row)).toEqual(historyColumns([columns], ['elbo']));
  });

  it('ends with a row for the part of an epoch that `steps` leave', async () => {
    const { history, calls } = await tell({ totalSteps: 6 });
    expect(history.map(({ epoch, step, loss }) => [epoch, step, loss])).toEqual([
      [0, 0, null],
      [1, 4, 1.5],
      [2, 6, 4.5],
    ]);
    expect(calls.at(-1)).toBe('epoch 2 at 6, the last');
  });

  it('ends with the error of a round that fails, and writes nothing of it', async () => {
    const failure = new RunError('non-finite-loss', { step: 6, term: 'loss.kl', value: NaN, config: 'configs/toy.yaml', origin: null });
    const { outcome, calls, history } = await tell({
      totalSteps: 8,
      loss: (tick) => {
        if (tick === 5) throw failure;
        return { loss: 1, 'loss.kl': 1 };
      },
    });
    expect(outcome).toBe(failure);
    expect(calls.slice(-2)).toEqual(['step 5 1', 'run 5']);
    expect(history).toHaveLength(2);
  });

  it('writes no row with a figure that is no number', async () => {
    const { outcome, calls, history } = await tell({ totalSteps: 8, figure: (epoch) => (epoch === 1 ? NaN : 0) });
    expect(outcome).toMatchObject({
      code: 'non-finite-metric',
      facts: { step: 4, metric: 'train.elbo', value: NaN, config: 'configs/toy.yaml' },
    });
    expect(calls.at(-1)).toBe('measure validation');
    expect(history).toHaveLength(1);
  });

  it.each([
    ['in the middle of an epoch', 2],
    ['with the last step of an epoch', 4],
  ])('ends when it is stopped %s, without a row for what it cut short', async (_, stopAfter) => {
    const { outcome, calls, history } = await tell({ totalSteps: 8, stopAfter });
    expect(outcome).toMatchObject({ state: { step: stopAfter }, interrupted: true });
    expect(calls.at(-1)).toBe(`step ${String(stopAfter)} ${String(stopAfter - 1)}`);
    expect(history).toHaveLength(1);
  });

  it('is not interrupted by a stop that comes with the last step of all', async () => {
    const { outcome, calls } = await tell({ totalSteps: 6, stopAfter: 6 });
    expect(outcome).toMatchObject({ state: { step: 6 }, interrupted: false });
    expect(calls.at(-1)).toBe('epoch 2 at 6, the last');
  });

  it('goes on from any state that it told, to the same rows', async () => {
    const whole = await tell({ totalSteps: 10, figure: () => 1 });
    expect(whole.states.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const state of whole.states) {
      // The state of the last epoch comes before its row.
      const rows = whole.history.filter((row) => Number(row['step']) <= state.step && (state.step < 10 || row['step'] !== 10));
      const { history, outcome, calls } = await tell({ totalSteps: 10, figure: () => 1, start: state, history: rows });
      expect(history).toEqual(whole.history);
      expect(outcome).toEqual(whole.outcome);
      expect(calls.filter((call) => call.startsWith('run'))).toHaveLength(10 - state.step);
    }
  });

  it('goes on from where it was stopped with the last step of an epoch, and writes the row that was owed', async () => {
    const whole = await tell({ totalSteps: 8, figure: () => 1 });
    const { outcome, history } = await tell({ totalSteps: 8, figure: () => 1, stopAfter: 4 });
    if (outcome instanceof RunError) throw outcome;
    expect((await tell({ totalSteps: 8, figure: () => 1, start: outcome.state, history })).history).toEqual(whole.history);
  });

  it('ends early where its figures say so, with the state before the row', async () => {
    const { calls, history, outcome } = await tell({ totalSteps: 40, isEnough: (rows) => rows.length > 2 });
    expect(history).toHaveLength(3);
    expect(calls.slice(-4)).toEqual(['measure train', 'measure validation', 'last state at 8', 'epoch 2 at 8, the last']);
    expect(outcome).toMatchObject({ state: { step: 8 }, interrupted: false });
  });

  it('leaves out steps and figures that are no numbers, where it is told to go on', async () => {
    const failure = new RunError('non-finite-loss', { step: 2, term: 'loss.kl', value: NaN, config: 'configs/toy.yaml', origin: null });
    const { history, outcome } = await tell({
      totalSteps: 8,
      isSkipped: true,
      loss: (tick) => {
        if (tick === 1 || tick > 3) throw failure;
        return { loss: tick, 'loss.kl': 10 * tick };
      },
      figure: (epoch) => (epoch === 2 ? NaN : 0),
    });
    expect(outcome).toMatchObject({ state: { step: 8 }, interrupted: false });
    expect(history.map(({ loss, 'train.elbo': elbo }) => [loss, elbo])).toEqual([
      [null, 0],
      [(0 + 2 + 3) / 3, 0],
      [null, null],
    ]);
  });
});
