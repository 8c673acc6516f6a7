/** All runs of a file, each loaded and checked in full; what is wrong with several of them is told once. */
import { ConfigError } from '../../registry/errors.js';
import type { LocatedFault } from '../../registry/faults.js';
import type { Registry } from '../../registry/registry.js';
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
}

const expandFile = async (file: string, options: RunsOptions): Promise<Expanded> => {
  const composed = await compose(file, options.registry, options);
  const { composition, sources } = composed;
  const { value: input, origins } = composition;
  const name = ownValue(input, 'name');
  const { variants, faults } = expandSweep(typeof name === 'string' ? name : nameFromFile(file), input, origins);
  const located = faults.map((fault) => locate(fault, origins, sources));
  const overridden = refuseOverridden(composed, [...new Set((variants ?? []).flatMap(({ settings }) => settings))]);
  return { composed, variants, faults: [...located, ...overridden] };
};

/** What an axis has left out is no fault while the sweep cannot be read. */
const isOfAbsence = ({ fault }: LocatedFault): boolean => ['missing-key', 'missing-type', 'exactly-one'].includes(fault.code);

/** Faults of the file as far as it can be looked at while its sweep is at fault. */
const faultsBeside = async ({ composed, variants }: Expanded, { registry }: RunsOptions): Promise<readonly LocatedFault[]> => {
  const variant = variants?.[0] ?? { name: '', axes: {}, settings: [] };
  try {
    await loadComposed(composed, { registry, variant });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.filter((located) => !isOfAbsence(located));
  }
};

export interface FileRuns<T> {
  /** Of the runs without a fault, in the order of the sweep. */
  readonly results: readonly T[];
  readonly total: number;
  /** Null where all is well. */
  readonly error: ConfigError | null;
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
  const results: T[] = [];
  let total = 1;
  try {
    const expanded = await expandFile(file, options);
    const { composed, variants, faults } = expanded;
    if (faults.length > 0) throw new ConfigError([...faults, ...(await faultsBeside(expanded, options))]);
    total = variants?.length ?? 1;
    const seen = new Map<string, Variant>();
    for (const variant of variants ?? [null]) {
      try {
        const loaded = await loadComposed(composed, { registry, ...(variant === null ? {} : { variant }) });
        const hash = variant === null ? '' : hashExperiment(loaded).experiment;
        const other = seen.get(hash);
        if (variant !== null && other !== undefined) throw new ConfigError([doubleFault(variant, other, composed)]);
        if (variant !== null) seen.set(hash, variant);
        results.push(await visit(loaded));
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        shared.add(variant?.name ?? '', error.faults);
      }
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { results, total, error };
  }
  const faults = shared.all(total);
  return { results, total, error: faults.length === 0 ? null : new ConfigError(faults) };
};

/**
 * The one run of a file, or the one of this name.
 * @throws ConfigError also where the file has several and no name is given, or no run of this name.
 */
export const loadRun = async (file: string, options: RunsOptions, name: string | null): Promise<LoadedExperiment> => {
  const expanded = await expandFile(file, options);
  const { composed, variants, faults } = expanded;
  const { registry } = options;
  if (faults.length > 0) throw new ConfigError([...faults, ...(await faultsBeside(expanded, options))]);
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
