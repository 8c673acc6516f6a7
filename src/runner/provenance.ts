/**
 * What a figure hangs on beside the model: which metric in which version, with which params, over which examples of which data, by which
 * learned features. Figures of equal provenance can be held against each other; others cannot. It is kept once, under its hash.
 */
import type { Column, Data, Metric, SplitName } from '../registry/contracts/index.js';
import type { Entry } from '../registry/resolve.js';
import { hashContent } from './config/hash.js';

export interface Provenance {
  readonly metric: string;
  readonly version: number;
  /** The metric's own, without name and rhythm. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly unit: string;
  readonly split: SplitName;
  /** Examples, and where the metric draws samples as many of these, unless its params set a limit. */
  readonly examples: number;
  /** What exactly the values are, binarization included. */
  readonly data: string;
  /** Hash of the files or packages that the data is from. */
  readonly files: string;
  /** Of learned features and of the classifier, by name. */
  readonly hashes: Readonly<Record<string, string>>;
  /** What samples are drawn from in place of the model's prior; absent where they are the prior's, or the metric draws none. */
  readonly sampler?: Entry;
}

/** Provenances by their hash, and the hash for each figure, such as `test.elbo`. */
export interface Provenances {
  readonly provenance: Readonly<Record<string, Provenance>>;
  readonly measured: Readonly<Record<string, string>>;
}

export interface MeasuredMetric {
  /** As resolved. */
  readonly entry: Entry;
  readonly metric: Metric;
  /** As metrics.csv has them behind the split. */
  readonly columns: readonly Column[];
}

const ofRunner: readonly string[] = ['type', 'name', 'every'];

/** A metric's own params, without name and rhythm. */
export const paramsOf = (entry: Entry): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(entry).filter(([key]) => !ofRunner.includes(key)));

const short = (value: unknown): string => hashContent(value).slice(0, 12);

/** What an experiment gives its metrics beside the model; null where it has none. */
export interface Given {
  /** Hash of the classifier. */
  readonly classifier: string | null;
  readonly sampler: Entry | null;
}

/** Whether figures of a metric hang on where samples are drawn from. */
export const isOfSamples = ({ needs }: Metric): boolean => needs.includes('sampleLatent');

/** @param seed The run's. */
export const describeProvenance = (
  metrics: readonly MeasuredMetric[],
  data: Data,
  counts: readonly (readonly [split: SplitName, count: number])[],
  { classifier, sampler }: Given,
  seed: number,
): Provenances => {
  // Runs of other seeds may read other samples of the same binarization: their scatter is what means over seeds are for.
  const description = data.description.replaceAll(` (seed ${String(seed)})`, '');
  const provenance: Record<string, Provenance> = {};
  const measured: Record<string, string> = {};
  for (const { entry, metric, columns } of metrics) {
    const reads = classifier !== null && metric.needs.includes('classify');
    const hashes = { ...metric.provenance?.(data), ...(reads ? { classifier } : {}) };
    for (const [split, examples] of counts) {
      if (examples === 0) continue;
      for (const { name, unit } of columns) {
        const origin: Provenance = {
          ...{ metric: entry.type, version: metric.version ?? 1, params: paramsOf(entry), unit, split, examples },
          ...{ data: description, files: short(data.hashes), hashes },
          ...(sampler === null || !isOfSamples(metric) ? {} : { sampler }),
        };
        const id = short(origin);
        provenance[id] = origin;
        measured[`${split}.${name}`] = id;
      }
    }
  }
  return { provenance, measured };
};
