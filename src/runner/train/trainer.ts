/** The training loop: batches in, updates confirmed one by one, figures and pictures after each epoch. */
import type { HistoryRow, Moment } from '../../registry/contracts/index.js';
import { RunError } from '../errors.js';
import type { TrainingBatches } from './batches.js';
import type { Evaluator } from './evaluate.js';
import type { UpdateColumns } from './losses.js';
import type { Round, RoundFigures } from './round.js';

/** An update's figures in a row: its columns, and its learning rate at a step. */
export interface UpdateFigures {
  readonly columns: UpdateColumns;
  readonly learningRateAt: (step: number) => number;
}

export interface TrainerParts {
  readonly batches: TrainingBatches;
  readonly round: Pick<Round, 'run'>;
  readonly updates: readonly UpdateFigures[];
  readonly evaluator: Pick<Evaluator, 'measure'>;
  /** The experiment's file, for errors. */
  readonly config: string;
  readonly totalSteps: number;
  /** Asked after each step; true ends training there. */
  readonly shouldStop: () => boolean;
  readonly onStep: (step: number, loss: number) => void;
  /** After each epoch (0: before training), with its row, which is in `history` by then. */
  readonly onEpoch: (row: HistoryRow, moment: Moment) => Promise<void>;
  /** Rows so far; the trainer appends. */
  readonly history: HistoryRow[];
}

export interface Outcome {
  readonly step: number;
  readonly interrupted: boolean;
}

/** Names of the columns of metrics.csv, in their order for life. */
export const historyColumns = (updates: readonly UpdateColumns[], metricNames: readonly string[]): readonly string[] => [
  'epoch',
  'step',
  ...figureColumns(updates),
  ...updates.map(({ learningRate }) => learningRate),
  ...metricNames.map((name) => `train.${name}`),
  ...metricNames.map((name) => `validation.${name}`),
];

const figureColumns = (updates: readonly UpdateColumns[]): readonly string[] => [...new Set(updates.flatMap(({ all }) => all))];

export const train = async (parts: TrainerParts): Promise<Outcome> => {
  const { batches, round, updates, totalSteps, shouldStop } = parts;
  const columns = updates.map((update) => update.columns);
  const [firstTotal = ''] = columns.map(({ total }) => total);
  const { stepsPerEpoch } = batches;
  const lastEpoch = Math.ceil(totalSteps / stepsPerEpoch);
  await finishEpoch(parts, 0, 0, lastEpoch === 0, null);
  let means = new RunningMeans(figureColumns(columns));
  for (let step = 0; step < totalSteps; step++) {
    if (shouldStop()) return { step, interrupted: true };
    const figures = await round.run(batches.read(step), step);
    means.add(figures);
    parts.onStep(step + 1, figures[firstTotal] ?? NaN);
    const finished = step + 1;
    if (finished % stepsPerEpoch !== 0 && finished !== totalSteps) continue;
    if (shouldStop() && finished !== totalSteps) return { step: finished, interrupted: true };
    const epoch = Math.ceil(finished / stepsPerEpoch);
    await finishEpoch(parts, epoch, finished, finished === totalSteps, means);
    means = new RunningMeans(means.names);
  }
  return { step: totalSteps, interrupted: false };
};

const finishEpoch = async (
  parts: TrainerParts,
  epoch: number,
  step: number,
  isLast: boolean,
  means: RunningMeans | null,
): Promise<void> => {
  const { evaluator, history, updates } = parts;
  const train = await evaluator.measure('train');
  const validation = await evaluator.measure('validation');
  const row: Record<string, number | null> = { epoch, step };
  for (const name of figureColumns(updates.map(({ columns }) => columns))) row[name] = means?.mean(name) ?? null;
  for (const { columns, learningRateAt } of updates) row[columns.learningRate] = learningRateAt(Math.max(0, step - 1));
  for (const [name, value] of Object.entries(train)) row[`train.${name}`] = value;
  for (const [name, value] of Object.entries(validation)) row[`validation.${name}`] = value;
  const broken = Object.entries(row).find(([, value]) => value !== null && !Number.isFinite(value));
  if (broken) throw new RunError('non-finite-metric', { step, metric: broken[0], value: broken[1] ?? NaN, config: parts.config });
  history.push(row);
  await parts.onEpoch(row, { epoch, step, isLast });
};

class RunningMeans {
  readonly names: readonly string[];
  readonly #sums = new Map<string, number>();
  #count = 0;

  constructor(names: readonly string[]) {
    this.names = names;
  }

  add(figures: RoundFigures): void {
    for (const name of this.names) this.#sums.set(name, (this.#sums.get(name) ?? 0) + (figures[name] ?? NaN));
    this.#count++;
  }

  mean(name: string): number {
    return (this.#sums.get(name) ?? NaN) / this.#count;
  }
}
