/** When the sampler of an experiment is fitted to codes: each time that a metric of samples is measured, once for all splits. */
import type { BuiltExperiment } from '../config/build.js';
import { isOfSamples } from '../provenance.js';

export interface PlannedFits {
  /** The component: `mixture`. */
  readonly sampler: string;
  /** How many of the training examples it is fitted to. */
  readonly codes: number;
  /** Finished epochs at which it is. */
  readonly epochs: readonly number[];
}

/** Null where the experiment has none. */
export const planFits = ({ sampler, metrics }: BuiltExperiment, numTrain: number, lastEpoch: number): PlannedFits | null => {
  if (sampler === null) return null;
  const rhythms = metrics.filter(({ component }) => isOfSamples(component)).map(({ common }) => common.every?.epochs ?? null);
  const isDue = (epoch: number): boolean =>
    epoch === lastEpoch ? rhythms.length > 0 : rhythms.some((every) => every === null || (epoch > 0 && epoch % every === 0));
  const epochs = Array.from({ length: lastEpoch + 1 }, (_, epoch) => epoch).filter(isDue);
  return { sampler: sampler.type, codes: Math.min(sampler.component.codes, numTrain), epochs };
};
