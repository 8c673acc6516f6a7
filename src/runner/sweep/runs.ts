/** All runs of a file, each loaded and checked in full; what is wrong with several of them is told once. */
import { ConfigError } from '../../registry/errors.js';
import type { LocatedFault } from '../../registry/faults.js';
import type { Registry } from '../../registry/registry.js';
import { pointer, startsWith } from '../../registry/path.js';
import { suggest } from '../../registry/suggest.js';
import { ownValue } from '../../registry/values.js';
import { nameFromFile } from '../config/experiment.js';
import { compose, type ComposedFile } from '../config/compose.js';
import { hashExperiment } from '../config/hash.js';
import { loadComposed, type LoadedExperiment } from '../config/load.js';
import { locate } from '../config/origins.js';
import type { Arguments } from '../config/overrides.js';
import { refuseSeveral } from './apply.js';
import { expandSweep } from './expand.js';
import { refuseOverridden } from './overridden.js';
import { doubleFault, SharedFaults } from './shared-faults.js';
import type { Variant } from './types.js';

export interface RunsOptions extends Arguments {
  readonly registry: Registry;
}

/** A run's name: its variant's, or its experiment's. */
export const nameOfRun = ({ variant, experiment }: Pick<LoadedExperiment, 'variant' | 'experiment'>): string =>
  variant?.name ?? experiment.name;

interface Expanded {
  readonly composed: ComposedFile;
  /** Null where the file has one run. */
  readonly variants: readonly Variant[] | null;
  readonly faults: readonly LocatedFault[];
  /** Of values that no run reads, since an axis puts others in their places. */
  readonly hidden: readonly LocatedFault[];
}

/** What an axis has left out is no fault while the sweep cannot be read. */
const isOfAbsence = ({ fault }: LocatedFault): boolean => ['missing-key', 'missing-type', 'exactly-one'].includes(fault.code);

/** Faults of the file with the values of one of its runs, or of none. */
const faultsWith = async (composed: ComposedFile, registry: Registry, variant: Variant | null): Promise<readonly LocatedFault[]> => {
  try {
    await loadComposed(composed, { registry, variant: variant ?? { name: '', axes: {}, settings: [] } });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.filter((located) => !isOfAbsence(located));
  }
};

const faultsHidden = async (composed: ComposedFile, registry: Registry, variants: readonly Variant[]): Promise<readonly LocatedFault[]> => {
  const paths = variants.flatMap(({ settings }) => settings.flatMap(({ assignments }) => assignments.map(({ path }) => path)));
  const hidden = [...new Map(paths.map((path) => [pointer(path), path])).values()].filter((path) => composed.base.at(path) !== undefined);
  if (hidden.length === 0) return [];
  const faults = await faultsWith(composed, registry, null);
  return faults.filter(({ fault }) => hidden.some((path) => startsWith(fault.path, path)));
};

const expandFile = async (file: string, options: RunsOptions): Promise<Expanded> => {
  const composed = await compose(file, options.registry, options);
  const { composition, sources } = composed;
  const { value: input, origins } = composition;
  const name = ownValue(input, 'name');
  const { variants, faults } = expandSweep(typeof name === 'string' ? name : nameFromFile(file), input, origins);
  const located = faults.map((fault) => locate(fault, origins, sources));
  const overridden = refuseOverridden(composed, [...new Set((variants ?? []).flatMap(({ settings }) => settings))]);
  const all = [...located, ...overridden];
  // Whatever else is wrong with the file is told by a look at one run, while its sweep is at fault.
  const beside = all.length === 0 ? [] : await faultsWith(composed, options.registry, variants?.[0] ?? null);
  const hidden = all.length > 0 || variants === null ? [] : await faultsHidden(composed, options.registry, variants);
  return { composed, variants, faults: [...all, ...beside], hidden };
};

export interface FileRuns<T> {
  /** Of the runs without a fault, in the order of the sweep. */
  readonly results: readonly T[];
  readonly total: number;
  /** Null where all is well. */
  readonly error: ConfigError | null;
  /** Of runs without a fault; each once. */
  readonly warnings: readonly LocatedFault[];
}

/**
 * Loads the runs of a file one after the other. Only what `visit` gives back is kept; ConfigErrors that it throws are collected, too.
 */
export const visitRuns = async <T>(
  file: string,
  options: RunsOptions,
  visit: (loaded: LoadedExperiment) => T | Promise<T>,
): Promise<FileRuns<T>> => {
  const { registry } = options;
  const shared = new SharedFaults();
  const warned = new SharedFaults();
  const results: T[] = [];
  let total = 1;
  try {
    const { composed, variants, faults, hidden } = await expandFile(file, options);
    if (faults.length > 0) throw new ConfigError(faults);
    total = variants?.length ?? 1;
    const seen = new Map<string, Variant>();
    for (const variant of variants ?? [null]) {
      try {
        const loaded = await loadComposed(composed, { registry, ...(variant === null ? {} : { variant }) });
        const hash = variant === null ? '' : hashExperiment(loaded).experiment;
        const other = seen.get(hash);
        if (variant !== null && other !== undefined) throw new ConfigError([doubleFault(variant, other, composed)]);
        if (variant !== null) seen.set(hash, variant);
        warned.add(nameOfRun(loaded), loaded.warnings);
        results.push(await visit(loaded));
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        shared.add(variant?.name ?? '', error.faults);
      }
    }
    shared.addHidden(hidden);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { results, total, error, warnings: [] };
  }
  const faults = shared.all(total);
  return { results, total, error: faults.length === 0 ? null : new ConfigError(faults), warnings: warned.all(total) };
};

/**
 * The one run of a file, or the one of this name.
 * @throws ConfigError also where the file has several and no name is given, or no run of this name.
 */
export const loadRun = async (file: string, options: RunsOptions, name: string | null): Promise<LoadedExperiment> => {
  const { composed, variants, faults, hidden } = await expandFile(file, options);
  const { registry } = options;
  if (faults.length + hidden.length > 0) throw new ConfigError([...faults, ...hidden]);
  const known = (variants ?? []).map((each) => each.name);
  if (name === null) {
    refuseSeveral(composed, known);
    return loadComposed(composed, { registry });
  }
  const variant = variants?.find((each) => each.name === name);
  if (variant !== undefined) return loadComposed(composed, { registry, variant });
  const facts = { name, known, suggestion: suggest(name, known) };
  throw new ConfigError([
    { fault: { code: 'no-such-run', path: [], at: 'value', facts }, place: { kind: 'argument', argument: `--variant ${name}` } },
  ]);
};
