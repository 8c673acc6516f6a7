/** From files to the runs of a batch. This is the one place that knows how many runs a file is. */
import { basename } from 'node:path';
import { ConfigError } from '../registry/errors.js';
import type { Registry } from '../registry/registry.js';
import { hashExperiment, type ExperimentHashes } from '../runner/config/hash.js';
import { loadExperiment, type LoadedExperiment } from '../runner/config/load.js';

/** One run, as a file declares it. */
export interface DeclaredRun {
  /** Readable, and unique in its batch. */
  readonly name: string;
  readonly hashes: ExperimentHashes;
  readonly loaded: LoadedExperiment;
}

interface Candidate {
  readonly name: string;
  readonly loaded: LoadedExperiment;
}

/** The runs of one file. */
const expandFile = async (file: string, registry: Registry): Promise<readonly Candidate[]> => {
  const loaded = await loadExperiment(file, { registry });
  return [{ name: loaded.experiment.name, loaded }];
};

export interface Expansion {
  readonly runs: readonly DeclaredRun[];
  /** What the user should know. */
  readonly notes: readonly string[];
}

interface Hashed extends Candidate {
  readonly hashes: ExperimentHashes;
}

/** From the shortest name to the one that is surely unique. */
const namesFor = ({ name, hashes, loaded }: Hashed): readonly string[] => [
  name,
  `${name}-seed-${String(loaded.experiment.seed)}`,
  `${name}-${hashes.experiment.slice(0, 6)}`,
];

/** Readable, unique names. A run that is there already keeps its own. */
const nameRuns = (candidates: readonly Hashed[], earlier: ReadonlyMap<string, string>): readonly DeclaredRun[] => {
  const kept = new Map([...earlier].map(([name, hash]) => [hash, name]));
  const count = new Map([...earlier.keys()].map((name) => [name, 1]));
  for (const name of candidates.flatMap(namesFor)) count.set(name, (count.get(name) ?? 0) + 1);
  return candidates.map((candidate) => {
    const { hashes, loaded } = candidate;
    const unique = namesFor(candidate).find((name) => count.get(name) === 1) ?? `${candidate.name}-${hashes.experiment}`;
    return { name: kept.get(hashes.experiment) ?? unique, hashes, loaded };
  });
};

/**
 * Reads every file. Runs of the same content are one run.
 * @param earlier Hashes by name of runs whose folders are there.
 * @throws ConfigError with the faults of all files.
 */
export const expandFiles = async (
  files: readonly string[],
  registry: Registry,
  earlier: ReadonlyMap<string, string> = new Map(),
): Promise<Expansion> => {
  const faults: ConfigError[] = [];
  const notes: string[] = [];
  const found = new Map<string, Hashed>();
  for (const file of files) {
    try {
      for (const candidate of await expandFile(file, registry)) {
        const hashes = hashExperiment(candidate.loaded);
        const same = found.get(hashes.experiment);
        if (same === undefined) found.set(hashes.experiment, { ...candidate, hashes });
        else notes.push(`${candidate.name} of ${file} is left out: it is the same run as ${same.name} of ${same.loaded.file}`);
      }
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      faults.push(error);
    }
  }
  if (faults.length > 0) throw new ConfigError(faults.flatMap((error) => error.faults));
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
