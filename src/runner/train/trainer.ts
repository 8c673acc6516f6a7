/** The training loop: batches in, updates confirmed one by one, figures and pictures after each epoch. */
import type { HistoryRow, Moment } from '../../registry/contracts/index.js';
import { RunError } from '../errors.js';
import type { TrainingBatches } from './batches.js';
import type { Evaluator } from './evaluate.js';
import { trainingColumns, type UpdateColumns } from './losses.js';
import type { Round, RoundFigures } from './round.js';

/** An update's figures in a row: its columns, and its learning rate at a step. */
export interface UpdateFigures {
  readonly columns: UpdateColumns;
  readonly learningRateAt: (step: number) => number;
}

/** Where training stands between two steps: all that it remembers beside variables and rows. */
export interface TrainingState {
  /** Finished steps. */
  readonly step: number;
  /** Sums of the figures of the epoch so far, over `numSteps` steps; an epoch that is over has none behind its row. */
  readonly sums: Readonly<Record<string, number>>;
  readonly numSteps: number;
  /** Steps among them that were left out, and have no part in the sums. */
  readonly numSkipped: number;
}

export interface TrainerParts {
  readonly batches: TrainingBatches;
  readonly round: Pick<Round, 'run'>;
  readonly updates: readonly UpdateFigures[];
  readonly evaluator: Pick<Evaluator, 'measure'>;
  /** The experiment's file, for errors. */
  readonly config: string;
  readonly totalSteps: number;
  /** Where an earlier session left off; null at the beginning. Its rows are in `history`. */
  readonly start: TrainingState | null;
  /** Asked before each step; true ends training there. */
  readonly shouldStop: () => boolean;
  /** Asked with all rows after each epoch; true makes it the last. */
  readonly isEnough: (history: readonly HistoryRow[]) => boolean;
  readonly onStep: (step: number, loss: number, figures: RoundFigures) => Promise<void> | void;
  /** A step or a figure that is no number: throws to end training; otherwise it is left out. */
  readonly onNonFinite: (error: RunError<'non-finite-loss'> | RunError<'non-finite-metric'>) => Promise<void>;
  /** After each epoch (0: before training), with its row, which is in `history` by then. */
  readonly onEpoch: (row: HistoryRow, moment: Moment) => Promise<void>;
  /**
   * Between two steps, behind the row of an epoch that is over. For the last epoch `isLast` comes before its row, so that what training has
   * found is kept whatever happens to the row and the pictures.
   */
  readonly onState: (state: TrainingState, isLast: boolean) => Promise<void>;
  /** Rows so far; the trainer appends. */
  readonly history: HistoryRow[];
}

export interface Outcome {
  readonly state: TrainingState;
  readonly interrupted: boolean;
}

/** Names of the columns of metrics.csv, in their order for life. */
export const historyColumns = (updates: readonly UpdateColumns[], metricNames: readonly string[]): readonly string[] => [
  'epoch',
  'step',
  ...trainingColumns(updates),
  ...metricNames.map((name) => `train.${name}`),
  ...metricNames.map((name) => `validation.${name}`),
];

const figureColumns = (updates: readonly UpdateColumns[]): readonly string[] => [...new Set(updates.flatMap(({ all }) => all))];

export const train = async (parts: TrainerParts): Promise<Outcome> => {
  const { batches, updates, totalSteps, shouldStop, start } = parts;
  const columns = updates.map((update) => update.columns);
  const [firstTotal = ''] = columns.map(({ total }) => total);
  const { stepsPerEpoch } = batches;
  const names = figureColumns(columns);
  let means = new RunningMeans(names, start);
  let step = start?.step ?? 0;
  const state = (): TrainingState => ({ step, ...means.state() });
  if (parts.history.length === 0) {
    const isLast = await finishEpoch(parts, 0, state(), null);
    if (isLast) return { state: state(), interrupted: false };
  }
  for (;;) {
    if (means.count > 0 && (step % stepsPerEpoch === 0 || step === totalSteps)) {
      if (shouldStop() && step !== totalSteps) return { state: state(), interrupted: true };
      const isLast = await finishEpoch(parts, Math.ceil(step / stepsPerEpoch), state(), means);
      means = new RunningMeans(names, null);
      if (isLast) return { state: state(), interrupted: false };
      await parts.onState(state(), false);
    }
    if (step >= totalSteps) return { state: state(), interrupted: false };
    if (shouldStop()) return { state: state(), interrupted: true };
    const figures = await runStep(parts, step);
    if (figures === null) means.skip();
    else means.add(figures);
    step++;
    if (figures !== null) await parts.onStep(step, figures[firstTotal] ?? NaN, figures);
    if (step % stepsPerEpoch !== 0 && step !== totalSteps) await parts.onState(state(), false);
  }
};

/** The figures of a step; null where it was left out. */
const runStep = async ({ round, batches, onNonFinite }: TrainerParts, step: number): Promise<RoundFigures | null> => {
  try {
    return await round.run(batches.read(step), step);
  } catch (error) {
    if (!isNonFiniteLoss(error)) throw error;
    await onNonFinite(error);
    return null;
  }
};

const isNonFiniteLoss = (error: unknown): error is RunError<'non-finite-loss'> =>
  error instanceof RunError && error.code === 'non-finite-loss';

/** Whether it was the last. */
const finishEpoch = async (parts: TrainerParts, epoch: number, state: TrainingState, means: RunningMeans | null): Promise<boolean> => {
  const { evaluator, history, updates, totalSteps, isEnough } = parts;
  const { step } = state;
  if (step >= totalSteps) await parts.onState(state, true);
  const train = await evaluator.measure('train', { epoch, isLast: step >= totalSteps });
  const validation = await evaluator.measure('validation', { epoch, isLast: step >= totalSteps });
  const row: Record<string, number | null> = { epoch, step };
  for (const name of figureColumns(updates.map(({ columns }) => columns))) row[name] = means?.mean(name) ?? null;
  for (const { columns, learningRateAt } of updates) row[columns.learningRate] = learningRateAt(Math.max(0, step - 1));
  for (const [name, value] of Object.entries(train)) row[`train.${name}`] = value;
  for (const [name, value] of Object.entries(validation)) row[`validation.${name}`] = value;
  await refuseNonFinite(parts, step, row);
  const stopsEarly = step < totalSteps && isEnough([...history, row]);
  if (stopsEarly) {
    await parts.onState(state, true);
    // Metrics with a rhythm of their own are measured at the end, which nobody knew this was.
    for (const split of Object.values(train).includes(null) ? (['train', 'validation'] as const) : [])
      for (const [name, value] of Object.entries(await evaluator.measure(split, { epoch, isLast: true })))
        row[`${split}.${name}`] ??= value;
    await refuseNonFinite(parts, step, row);
  }
  history.push(row);
  const isLast = stopsEarly || step >= totalSteps;
  await parts.onEpoch(row, { epoch, step, isLast });
  return isLast;
};

/** No such figure is written. */
const refuseNonFinite = async (parts: TrainerParts, step: number, row: Record<string, number | null>): Promise<void> => {
  for (const [metric, value] of Object.entries(row)) {
    if (value === null || Number.isFinite(value)) continue;
    await parts.onNonFinite(new RunError('non-finite-metric', { step, metric, value, config: parts.config }));
    row[metric] = null;
  }
};

class RunningMeans {
  readonly #sums: Map<string, number>;
  #count: number;
  #skipped: number;

  constructor(names: readonly string[], start: TrainingState | null) {
    this.#sums = new Map(names.map((name) => [name, start?.sums[name] ?? 0]));
    this.#count = start?.numSteps ?? 0;
    this.#skipped = start?.numSkipped ?? 0;
  }

  get count(): number {
    return this.#count;
  }

  add(figures: RoundFigures): void {
    for (const [name, sum] of this.#sums) {
      const figure = figures[name];
      // A player of whom everything is frozen takes no step.
      if (figure === undefined) this.#sums.delete(name);
      else this.#sums.set(name, sum + figure);
    }
    this.#count++;
  }

  skip(): void {
    this.#count++;
    this.#skipped++;
  }

  /** Null where every step was left out. */
  mean(name: string): number | null {
    const count = this.#count - this.#skipped;
    const sum = this.#sums.get(name);
    return count === 0 || sum === undefined ? null : sum / count;
  }

  state(): Omit<TrainingState, 'step'> {
    return { sums: Object.fromEntries(this.#sums), numSteps: this.#count, numSkipped: this.#skipped };
  }
}
