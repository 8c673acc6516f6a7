/** When the sampler of an experiment is fitted to codes: each time that a metric or a plot of samples is due, once for all of them. */
import type { BuiltExperiment } from '../config/build.js';
import { isOfSamples } from '../provenance.js';
import { epochsOf } from './files.js';

export interface PlannedFits {
  /** The component: `mixture`. */
  readonly sampler: string;
  /** How many of the training examples it is fitted to. */
  readonly codes: number;
  /** Finished epochs at which it is. */
  readonly epochs: readonly number[];
}

/** Null where the experiment has none. */
export const planFits = ({ sampler, metrics, plots }: BuiltExperiment, numTrain: number, lastEpoch: number): PlannedFits | null => {
  if (sampler === null) return null;
  const rhythms = metrics.filter(({ component }) => isOfSamples(component)).map(({ common }) => common.every?.epochs ?? null);
  const isMeasured = (epoch: number): boolean =>
    epoch === lastEpoch ? rhythms.length > 0 : rhythms.some((every) => every === null || (epoch > 0 && epoch % every === 0));
  const drawn = new Set(
    plots.filter(({ component }) => component.drawsFittedCodes === true).flatMap(({ common }) => epochsOf(common, lastEpoch)),
  );
  const epochs = Array.from({ length: lastEpoch + 1 }, (_, epoch) => epoch).filter((epoch) => isMeasured(epoch) || drawn.has(epoch));
  return { sampler: sampler.type, codes: Math.min(sampler.component.codes, numTrain), epochs };
};
