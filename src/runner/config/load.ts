/** From an experiment file to a resolved, built and checked experiment, or to a ConfigError with all that is wrong. */
import { stringify } from 'yaml';
import { ConfigError } from '../../registry/errors.js';
import type { Fault, LocatedFault } from '../../registry/faults.js';
import { startsWith, type Path } from '../../registry/path.js';
import type { Registry } from '../../registry/registry.js';
import { resolveParams } from '../../registry/resolve.js';
import { deepFreeze, isMap, type PlainMap } from '../../registry/values.js';
import { assertBuilt, buildParts, type BuiltExperiment } from './build.js';
import { checkParts } from './checks.js';
import { convertDocument } from './convert.js';
import { checkTraining, experimentParams, isExperiment, nameFromFile, type Experiment } from './experiment.js';
import { checkSession } from './session-checks.js';
import { locate, type Origin, type Origins } from './origins.js';
import { applyOverrides } from './overrides.js';
import { parseSource, readSource } from './read.js';

export interface LoadOptions {
  readonly registry: Registry;
  /** `path=value`, as behind `--set`. */
  readonly overrides?: readonly string[];
}

export interface LoadedExperiment {
  readonly file: string;
  /** The text as written. */
  readonly source: string;
  readonly experiment: Experiment;
  readonly built: BuiltExperiment;
  /** Where its components come from. */
  readonly registry: Registry;
  readonly origins: Origins;
  /** The resolved experiment as YAML; loading that gives the same experiment. */
  readonly yaml: () => string;
  /** Faults that come to light later, at the places where their values were written. */
  readonly toError: (faults: readonly Fault[]) => ConfigError;
}

/** Top-level keys that nobody reads: a place for anchors. */
const withoutParking = (map: PlainMap): Record<string, unknown> =>
  Object.fromEntries(Object.entries(map).filter(([key]) => !key.startsWith('x-')));

const readMap = (
  file: string,
  source: string,
): { value: Record<string, unknown>; origins: Map<string, Origin>; faults: readonly LocatedFault[] } => {
  const fail = (fault: Fault): ConfigError => {
    const span = fault.code === 'empty-file' ? null : { line: 1, col: 1, width: 1 };
    return new ConfigError([{ fault, place: { kind: 'file', file, source, span, alias: null } }]);
  };
  const { value, origins, faults } = convertDocument(file, source, parseSource(file, source));
  if (faults.some(({ fault }) => fault.code === 'too-complex')) throw new ConfigError(faults);
  if (value === null && faults.length === 0) throw fail({ code: 'empty-file', path: [], at: 'value', facts: {} });
  if (!isMap(value))
    throw faults.length > 0 ? new ConfigError(faults) : fail({ code: 'not-a-map', path: [], at: 'value', facts: { given: value } });
  return { value: withoutParking(value), origins, faults };
};

/** What stands for a value that could not be read (a broken alias, a tag) is no fault of its own. */
const isEcho = ({ code, path }: Fault, readFaults: readonly LocatedFault[]): boolean =>
  readFaults.some(({ fault }) => {
    if (fault.code !== 'bad-alias' && fault.code !== 'unknown-tag') return false;
    return startsWith(path, fault.path) || (code === 'exactly-one' && startsWith(fault.path, path));
  });

/**
 * Reads, overrides, resolves, builds and checks an experiment. No data is loaded: what a dataset does not know beforehand is
 * checked when the run knows it.
 * @throws ConfigError with every fault of the file and of the overrides.
 */
export const loadExperiment = async (file: string, { registry, overrides = [] }: LoadOptions): Promise<LoadedExperiment> => {
  const source = await readSource(file);
  const { value: input, origins, faults: readFaults } = readMap(file, source);
  const overrideFaults = applyOverrides(overrides, input, origins);
  const { value, faults: paramFaults, defaults } = resolveParams(registry, experimentParams, input);

  const isClean = (path: Path): boolean => !paramFaults.some((fault) => startsWith(fault.path, path));
  const parts = buildParts(registry, value, isClean);
  const misfits = checkParts(
    parts,
    { data: parts.data?.component.facts ?? null, counts: null },
    {
      training: value['training'],
      hasFaultyMetric: !isClean(['metrics']),
      hasFaultyClassifier: !isClean(['classifier']),
      hasFaultyLoss: !isClean(['losses']) || !isClean(['training', 'updates']) || !isClean(['training', 'freeze']),
    },
  );
  const sessionFaults = isClean(['metrics']) ? checkSession(value, parts, null) : [];
  const faults = [...paramFaults, ...checkTraining(value), ...misfits, ...sessionFaults].filter((fault) => !isEcho(fault, readFaults));

  for (const [place, component] of defaults) origins.set(place, { kind: 'default', component });
  const sources = new Map([[file, source]]);
  const toError = (found: readonly Fault[]): ConfigError => new ConfigError(found.map((fault) => locate(fault, origins, sources)));
  const located = faults.map((fault) => locate(fault, origins, sources));
  const all = [...readFaults, ...overrideFaults, ...located];
  if (all.length > 0) throw new ConfigError(all);

  const experiment = deepFreeze({ ...value, name: value['name'] ?? nameFromFile(file) });
  if (!isExperiment(experiment)) throw new Error(`${file} resolved to something that is no experiment.`);
  return {
    file,
    source,
    experiment,
    built: assertBuilt(parts),
    registry,
    origins,
    yaml: () => stringify(experiment, { lineWidth: 0, aliasDuplicateObjects: false }),
    toError,
  };
};
