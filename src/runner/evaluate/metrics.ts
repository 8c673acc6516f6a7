/** Which metrics are measured afterwards: those of the experiment, or others, given by name or as an entry of a file. */
import { parse } from 'yaml';
import { isMap, type PlainMap } from '../../registry/values.js';
import { metricColumns } from '../config/checks.js';
import { loadExperiment, type LoadedExperiment, type LoadOptions } from '../config/load.js';
import { hashContent } from '../config/hash.js';
import { isOfSamples, paramsOf, type MeasuredMetric } from '../provenance.js';

/** An experiment whose metrics are those that are asked for. */
export interface ChosenMetrics {
  readonly loaded: LoadedExperiment;
  readonly metrics: readonly MeasuredMetric[];
}

const nameOf = (entry: PlainMap): unknown => entry['name'] ?? entry['type'];

/** `elbo`, or `{ type: kid, features: classifier }`. Throws YAML's error for what is neither; the text is then no metric's name. */
const readEntry = (text: string): PlainMap => {
  const value: unknown = parse(text);
  return isMap(value) ? value : { type: String(value) };
};

/** Texts that are an entry's name or type choose it; others are added behind the experiment's own. */
const addEntries = (
  own: readonly PlainMap[],
  wanted: readonly string[],
): { readonly entries: readonly PlainMap[]; readonly chosen: readonly number[] } => {
  const entries = [...own];
  const chosen = wanted.map((text) => {
    const known = entries.findIndex((entry) => nameOf(entry) === text || entry['type'] === text);
    return known >= 0 ? known : entries.push(readEntry(text)) - 1;
  });
  return { entries, chosen: wanted.length === 0 ? own.map((_, i) => i) : [...new Set(chosen)] };
};

/** The metrics of a loaded experiment at these places alone, and their columns. */
const keep = (loaded: LoadedExperiment, chosen: readonly number[]): ChosenMetrics => {
  const metrics = chosen.flatMap((i) => loaded.built.metrics[i] ?? []);
  const entries = chosen.flatMap((i) => loaded.experiment.metrics[i] ?? []);
  const { latent } = loaded.built.model.component;
  const { experiment, built } = loaded;
  // What reads the columns of metrics is none of what only measures.
  const training = { ...experiment.training, earlyStopping: null };
  const checkpoints = { ...experiment.checkpoints, best: null };
  return {
    loaded: {
      ...loaded,
      built: { ...built, metrics, plots: [] },
      experiment: { ...experiment, training, checkpoints, metrics: entries, plots: [] },
    },
    metrics: metrics.flatMap((placed, i) => {
      const entry = entries[i];
      return entry === undefined ? [] : [{ entry, metric: placed.component, columns: metricColumns(placed, latent) }];
    }),
  };
};

/**
 * @param own The metrics of the experiment as its file has them.
 * @param wanted Names and entries; none: all of the experiment's own.
 * @param given What takes the place of the experiment's, as YAML.
 * @throws ConfigError where they do not fit the experiment.
 */
export const chooseMetrics = async (
  file: string,
  own: readonly PlainMap[],
  wanted: readonly string[],
  given: Readonly<Partial<Record<'classifier' | 'sampler', string>>>,
  options: LoadOptions,
): Promise<ChosenMetrics> => {
  const { entries, chosen } = addEntries(own, wanted);
  const overrides = [`metrics=${JSON.stringify(entries)}`, ...Object.entries(given).map(([key, text]) => `${key}=${text}`)];
  return keep(await loadExperiment(file, { ...options, overrides }), chosen);
};

/** What makes a figure of a checkpoint what it is: while it stays the same, nothing is measured again. `hashes` are those of the data. */
export const keyOf = (
  { experiment }: LoadedExperiment,
  { entry, metric }: MeasuredMetric,
  { weights, split, hashes }: { readonly weights: string; readonly split: string; readonly hashes: Readonly<Record<string, string>> },
): string => {
  const { data, model, classifier, sampler, seed } = experiment;
  const parts = [weights, entry.type, paramsOf(entry), metric.version ?? 1, split, data, hashes, model, classifier, seed];
  return hashContent(sampler !== null && isOfSamples(metric) ? [...parts, sampler] : parts).slice(0, 16);
};

/** Those of the metrics that `isKept` says. */
export const filterMetrics = ({ loaded, metrics }: ChosenMetrics, isKept: (metric: MeasuredMetric) => boolean): ChosenMetrics =>
  keep(
    loaded,
    metrics.flatMap((metric, i) => (isKept(metric) ? [i] : [])),
  );
