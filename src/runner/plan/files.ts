/** What a run will leave in its folder, as far as the experiment says. */
import type { LoadedExperiment } from '../config/load.js';
import { historyColumns } from '../train/trainer.js';
import type { Rehearsal } from '../assemble/rehearse.js';
import { isDue, type Cadence } from '../train/cadence.js';

export interface PlannedFiles {
  readonly metrics: { readonly rows: number; readonly columns: readonly string[] };
  /** Of one plot: the epochs at which it is drawn. Most plots leave a picture each time; some one of all times, at the end. */
  readonly pictures: readonly { readonly plot: string; readonly epochs: readonly number[]; readonly isOne: boolean }[];
  /** How often a checkpoint is written, how many of them are kept, and how large one is; a clock or a metric may ask for more. */
  readonly checkpoints: { readonly written: number; readonly kept: number; readonly bytes: number; readonly mayBeMore: boolean };
}

/** Finished epochs at which something with this cadence is due. */
export const epochsOf = (cadence: Cadence, lastEpoch: number): readonly number[] =>
  Array.from({ length: lastEpoch + 1 }, (_, epoch) => epoch).filter((epoch) => isDue(cadence, epoch, lastEpoch));

const countCheckpoints = ({ experiment }: LoadedExperiment, { plan, variables }: Rehearsal): PlannedFiles['checkpoints'] => {
  const { every, keep, best } = experiment.checkpoints;
  const { totalSteps, stepsPerEpoch } = plan;
  const steps = new Set([totalSteps]);
  const rhythms = [every.steps, every.epochs === null ? null : every.epochs * stepsPerEpoch].filter((rhythm) => rhythm !== null);
  for (const rhythm of rhythms) for (let step = rhythm; step <= totalSteps; step += rhythm) steps.add(step);
  return {
    written: steps.size,
    kept: Math.min(steps.size, keep + (best?.keep ?? 0)),
    bytes: 4 * variables.reduce((sum, { size }) => sum + size, 0),
    mayBeMore: every.minutes !== null || best !== null,
  };
};

export const planFiles = (loaded: LoadedExperiment, rehearsal: Rehearsal): PlannedFiles => {
  const { lastEpoch } = rehearsal.plan;
  return {
    metrics: { rows: lastEpoch + 1, columns: historyColumns(rehearsal.updateColumns, rehearsal.metricColumns) },
    pictures: loaded.built.plots.map(({ name, common }) => ({
      plot: name,
      epochs: epochsOf(common, lastEpoch),
      isOne: rehearsal.concluding.includes(name),
    })),
    checkpoints: countCheckpoints(loaded, rehearsal),
  };
};
