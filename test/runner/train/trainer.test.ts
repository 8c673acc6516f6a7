import { describe, expect, it } from 'vitest';
import type { HistoryRow } from '../../../src/registry/contracts/index.js';
import { RunError } from '../../../src/runner/errors.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { TrainingBatches } from '../../../src/runner/train/batches.js';
import type { UpdateColumns } from '../../../src/runner/train/losses.js';
import { historyColumns, train, type Outcome, type TrainerParts } from '../../../src/runner/train/trainer.js';
import { numberData } from './parts.js';

interface Setting {
  readonly totalSteps: number;
  /** The loss of the step with this tick. */
  readonly loss?: (tick: number) => Readonly<Record<string, number>>;
  readonly figure?: (epoch: number) => number | null;
  /** Asked with the number of finished steps. */
  readonly stopAfter?: number;
}

interface Told {
  readonly outcome: Outcome | RunError;
  readonly calls: readonly string[];
  readonly history: readonly HistoryRow[];
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
}: Setting): Promise<Told> => {
  const calls: string[] = [];
  const history: HistoryRow[] = [];
  let finished = 0;
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
    shouldStop: () => finished >= stopAfter,
    onStep: (step, value) => calls.push(`step ${String(step)} ${String(value)}`),
    onEpoch: (row, { epoch, step, isLast }) => {
      expect(history.at(-1)).toBe(row);
      calls.push(`epoch ${String(epoch)} at ${String(step)}${isLast ? ', the last' : ''}`);
      return Promise.resolve();
    },
    history,
  };
  const outcome = await train(parts).catch((error: unknown) => {
    if (error instanceof RunError) return error;
    throw error;
  });
  return { outcome, calls, history };
};

describe('train', () => {
  it('measures before training, then runs and reports step by step', async () => {
    const { calls, outcome } = await tell({ totalSteps: 2 });
    expect(calls).toEqual([
      ...['measure train', 'measure validation', 'epoch 0 at 0'],
      ...['run 0', 'step 1 0'],
      ...['run 1', 'step 2 1'],
      ...['measure train', 'measure validation', 'epoch 1 at 2, the last'],
    ]);
    expect(outcome).toEqual({ step: 2, interrupted: false });
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
    const failure = new RunError('non-finite-loss', { step: 6, term: 'loss.kl', value: NaN, config: 'configs/toy.yaml' });
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
    expect(outcome).toEqual({ step: stopAfter, interrupted: true });
    expect(calls.at(-1)).toBe(`step ${String(stopAfter)} ${String(stopAfter - 1)}`);
    expect(history).toHaveLength(1);
  });

  it('is not interrupted by a stop that comes with the last step of all', async () => {
    const { outcome, calls } = await tell({ totalSteps: 6, stopAfter: 6 });
    expect(outcome).toEqual({ step: 6, interrupted: false });
    expect(calls.at(-1)).toBe('epoch 2 at 6, the last');
  });
});
