/** From an experiment file to a resolved, built and checked experiment, or to a ConfigError with all that is wrong. */
import { dirname } from 'node:path';
import { stringify } from 'yaml';
import { ConfigError } from '../../registry/errors.js';
import type { Fault, LocatedFault } from '../../registry/faults.js';
import { startsWith, type Path } from '../../registry/path.js';
import type { Plugin } from '../../plugins/load.js';
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
import { addPlugins, declaresPlugins, resolvedSpecifiers, type Extension } from './plugins.js';
import { parseSource, readSource } from './read.js';

export interface LoadOptions {
  readonly registry: Registry;
  /** `path=value`, as behind `--set`. */
  readonly overrides?: readonly string[];
  /** Where relative paths of plug-ins begin, if not at the folder of the file: a resolved experiment lies elsewhere. */
  readonly pluginFolder?: string;
}

export interface LoadedExperiment {
  readonly file: string;
  /** The text as written. */
  readonly source: string;
  readonly experiment: Experiment;
  readonly built: BuiltExperiment;
  /** Where its components come from, plug-ins included. */
  readonly registry: Registry;
  readonly plugins: readonly Plugin[];
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

/** A component of a plug-in that was not loaded is not missed on top. */
const isOfPlugin = (fault: Fault): boolean => fault.code === 'unknown-component' && fault.facts.name.includes('/');

/**
 * Reads, overrides, resolves, builds and checks an experiment. No data is loaded: what a dataset does not know beforehand is
 * checked when the run knows it.
 * @throws ConfigError with every fault of the file and of the overrides.
 */
export const loadExperiment = async (file: string, options: LoadOptions): Promise<LoadedExperiment> => {
  const { overrides = [], pluginFolder = null } = options;
  const source = await readSource(file);
  const { value: input, origins, faults: readFaults } = readMap(file, source);
  const overrideFaults = applyOverrides(overrides, input, origins);
  // Of a file that cannot be read as it stands, nothing is run.
  const isReadable = readFaults.length === 0 && overrideFaults.length === 0;
  const none: Extension = { registry: options.registry, plugins: [], faults: [] };
  const extension = isReadable ? await addPlugins(options.registry, input, origins, pluginFolder) : none;
  const { registry, plugins, faults: pluginFaults } = extension;
  const { value, faults: foundFaults, defaults } = resolveParams(registry, experimentParams, input);
  const arePluginsMissing =
    declaresPlugins(input) && (!isReadable || [...pluginFaults, ...foundFaults].some(({ path }) => path[0] === 'plugins'));
  const paramFaults = [...pluginFaults, ...foundFaults];

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
  const faults = [...paramFaults, ...checkTraining(value), ...misfits, ...sessionFaults].filter(
    (fault) => !isEcho(fault, readFaults) && !(arePluginsMissing && isOfPlugin(fault)),
  );

  for (const [place, component] of defaults) origins.set(place, { kind: 'default', component });
  const sources = new Map([[file, source]]);
  const toError = (found: readonly Fault[]): ConfigError => new ConfigError(found.map((fault) => locate(fault, origins, sources)));
  const located = faults.map((fault) => locate(fault, origins, sources));
  const all = [...readFaults, ...overrideFaults, ...located];
  if (all.length > 0) throw new ConfigError(all);

  const specifiers = resolvedSpecifiers(plugins, pluginFolder ?? dirname(file));
  const experiment = deepFreeze({ ...value, name: value['name'] ?? nameFromFile(file), plugins: specifiers });
  if (!isExperiment(experiment)) throw new Error(`${file} resolved to something that is no experiment.`);
  return {
    file,
    source,
    experiment,
    built: assertBuilt(parts),
    registry,
    plugins,
    origins,
    yaml: () => stringify(experiment, { lineWidth: 0, aliasDuplicateObjects: false }),
    toError,
  };
};
