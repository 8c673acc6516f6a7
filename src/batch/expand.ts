/** From files to the runs of a batch. This is the one place that knows how many runs a file is. */
import { basename } from 'node:path';
import { ConfigError } from '../registry/errors.js';
import type { LocatedFault } from '../registry/faults.js';
import type { Registry } from '../registry/registry.js';
import { hashExperiment, type ExperimentHashes } from '../runner/config/hash.js';
import type { LoadedExperiment } from '../runner/config/load.js';
import { describePlugins } from '../runner/config/plugins.js';
import type { Arguments } from '../runner/config/overrides.js';
import type { Resources } from '../runner/config/resource-params.js';
import type { PluginRecord } from '../runner/output/record.js';
import { nameOfRun, visitRuns } from '../runner/sweep/runs.js';

/** One run, as a file declares it: what is written down of it. There may be thousands, so nothing else is kept. */
export interface DeclaredRun {
  /** Readable, and unique in its batch. */
  readonly name: string;
  readonly hashes: ExperimentHashes;
  readonly file: string;
  readonly source: string;
  /** That, and the texts of the files that it extends, by their names. */
  readonly sources: ReadonlyMap<string, string>;
  readonly experiment: string;
  readonly seed: number;
  readonly resources: Resources | null;
  /** Where it stands on the axes of the file's sweep. */
  readonly axes: Readonly<Record<string, string>>;
  /** The resolved experiment as YAML. */
  readonly resolved: string;
  readonly plugins: readonly PluginRecord[];
}

const declare = (loaded: LoadedExperiment): DeclaredRun => ({
  name: nameOfRun(loaded),
  hashes: hashExperiment(loaded),
  file: loaded.file,
  source: loaded.source,
  sources: loaded.sources,
  experiment: loaded.experiment.name,
  seed: loaded.experiment.seed,
  resources: loaded.experiment.resources,
  axes: loaded.variant?.axes ?? {},
  resolved: loaded.yaml(),
  plugins: describePlugins(loaded),
});

export interface Expansion {
  readonly runs: readonly DeclaredRun[];
  /** What the user should know. */
  readonly notes: readonly string[];
}

/** From the shortest name to the one that is surely unique. */
const namesFor = ({ name, hashes, seed }: DeclaredRun): readonly string[] => [
  name,
  `${name}-seed-${String(seed)}`,
  `${name}-${hashes.experiment.slice(0, 6)}`,
];

/** Readable, unique names. A run that is there already keeps its own. */
const nameRuns = (candidates: readonly DeclaredRun[], earlier: ReadonlyMap<string, string>): readonly DeclaredRun[] => {
  const kept = new Map([...earlier].map(([name, hash]) => [hash, name]));
  const count = new Map([...earlier.keys()].map((name) => [name, 1]));
  for (const name of candidates.flatMap(namesFor)) count.set(name, (count.get(name) ?? 0) + 1);
  return candidates.map((candidate) => {
    const { experiment: hash } = candidate.hashes;
    const unique = namesFor(candidate).find((name) => count.get(name) === 1) ?? `${candidate.name}-${hash}`;
    return { ...candidate, name: kept.get(hash) ?? unique };
  });
};

/**
 * Reads every file. Runs of the same content are one run.
 * @param changes What is other in all of them than in their files.
 * @param earlier Hashes by name of runs whose folders are there.
 * @throws ConfigError with the faults of all files.
 */
export const expandFiles = async (
  files: readonly string[],
  registry: Registry,
  changes: Arguments = {},
  earlier: ReadonlyMap<string, string> = new Map(),
): Promise<Expansion> => {
  const faults: LocatedFault[] = [];
  const notes: string[] = [];
  const found = new Map<string, DeclaredRun>();
  for (const file of files) {
    const { results, error } = await visitRuns(file, { registry, ...changes }, declare);
    faults.push(...(error?.faults ?? []));
    for (const run of results) {
      const same = found.get(run.hashes.experiment);
      if (same === undefined) found.set(run.hashes.experiment, run);
      else notes.push(`${run.name} of ${file} is left out: it is the same run as ${same.name} of ${same.file}`);
    }
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return { runs: nameRuns([...found.values()], earlier), notes };
};

/** Whether `pattern`, with `*` for any text, fits a run's name, its experiment's or its file's. */
export const fits = (pattern: string, { name, file }: { readonly name: string; readonly file: string }): boolean => {
  const expression = new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('.*')}$`,
  );
  return [name, file, basename(file)].some((text) => expression.test(text));
};
