/** The training loop: batches in, updates confirmed one by one, figures and pictures after each epoch. */
import type { CompiledStep, InputSpec } from '../../engine/index.js';
import type { HistoryRow, Moment } from '../../registry/contracts/index.js';
import { RunError } from '../errors.js';
import type { TrainingBatches } from './batches.js';
import type { Evaluator } from './evaluate.js';
import { lossColumn, totalLoss } from './update.js';

export type UpdateInputs = { readonly x: InputSpec; readonly labels?: InputSpec };

export interface TrainerParts {
  readonly batches: TrainingBatches;
  readonly update: CompiledStep<UpdateInputs>;
  readonly withLabels: boolean;
  readonly evaluator: Pick<Evaluator, 'measure'>;
  readonly lossNames: readonly string[];
  /** The experiment's file, for errors. */
  readonly config: string;
  readonly totalSteps: number;
  readonly learningRateAt: (step: number) => number;
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
export const historyColumns = (lossNames: readonly string[], metricNames: readonly string[]): readonly string[] => [
  'epoch',
  'step',
  totalLoss,
  ...lossNames.map(lossColumn),
  'learning-rate',
  ...metricNames.map((name) => `train.${name}`),
  ...metricNames.map((name) => `validation.${name}`),
];

export const train = async (parts: TrainerParts): Promise<Outcome> => {
  const { batches, totalSteps, shouldStop } = parts;
  const { stepsPerEpoch } = batches;
  const lastEpoch = Math.ceil(totalSteps / stepsPerEpoch);
  await finishEpoch(parts, 0, 0, lastEpoch === 0, null);
  let means = new RunningMeans([totalLoss, ...parts.lossNames.map(lossColumn)]);
  for (let step = 0; step < totalSteps; step++) {
    if (shouldStop()) return { step, interrupted: true };
    const results = await runUpdate(parts, step);
    means.add(results);
    parts.onStep(step + 1, results[totalLoss]?.[0] ?? NaN);
    const finished = step + 1;
    if (finished % stepsPerEpoch !== 0 && finished !== totalSteps) continue;
    if (shouldStop() && finished !== totalSteps) return { step: finished, interrupted: true };
    const epoch = Math.ceil(finished / stepsPerEpoch);
    await finishEpoch(parts, epoch, finished, finished === totalSteps, means);
    means = new RunningMeans(means.names);
  }
  return { step: totalSteps, interrupted: false };
};

/** One update, confirmed only if its losses are finite. */
const runUpdate = async (
  { batches, update, withLabels, lossNames, config }: TrainerParts,
  step: number,
): Promise<Readonly<Record<string, ArrayLike<number>>>> => {
  const { x, labels } = batches.read(step);
  const results = await update.run(withLabels ? { x, labels } : { x }, step);
  const broken = [...lossNames.map(lossColumn), totalLoss].find((name) => !Number.isFinite(results[name]?.[0]));
  if (broken !== undefined)
    throw new RunError('non-finite-loss', { step: step + 1, term: broken, value: results[broken]?.[0] ?? NaN, config });
  update.commit();
  return results;
};

const finishEpoch = async (
  parts: TrainerParts,
  epoch: number,
  step: number,
  isLast: boolean,
  means: RunningMeans | null,
): Promise<void> => {
  const { evaluator, history, lossNames, learningRateAt } = parts;
  const train = await evaluator.measure('train');
  const validation = await evaluator.measure('validation');
  const row: Record<string, number | null> = { epoch, step };
  for (const name of [totalLoss, ...lossNames.map(lossColumn)]) row[name] = means?.mean(name) ?? null;
  row['learning-rate'] = learningRateAt(Math.max(0, step - 1));
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

  add(values: Readonly<Record<string, ArrayLike<number>>>): void {
    for (const name of this.names) this.#sums.set(name, (this.#sums.get(name) ?? 0) + (values[name]?.[0] ?? NaN));
    this.#count++;
  }

  mean(name: string): number {
    return (this.#sums.get(name) ?? NaN) / this.#count;
  }
}
