/** From an experiment file to a resolved, built and checked experiment, or to a ConfigError with all that is wrong. */
import { dirname } from 'node:path';
import { stringify } from 'yaml';
import { ConfigError } from '../../registry/errors.js';
import type { Fault, FaultCode, LocatedFault } from '../../registry/faults.js';
import { startsWith, type Path } from '../../registry/path.js';
import type { Plugin } from '../../plugins/load.js';
import type { Registry } from '../../registry/registry.js';
import { resolveParams } from '../../registry/resolve.js';
import { deepFreeze, type PlainMap } from '../../registry/values.js';
import { typeTexts } from './argument-texts.js';
import { assertBuilt, buildParts, type BuiltExperiment } from './build.js';
import { checkParts, countSplits } from './checks.js';
import { compose, type ComposedFile } from './compose.js';
import type { Composition, Overridden } from './composition.js';
import { checkTraining, experimentParams, isExperiment, nameFromFile, type Experiment } from './experiment.js';
import { checkSession } from './session-checks.js';
import { locate, originOf, type Origins, type Sources } from './origins.js';
import type { Arguments, ArgumentText } from './overrides.js';
import { addPlugins, declaresPlugins, resolvedSpecifiers, type Extension } from './plugins.js';
import { escapeReferences, References } from './references.js';
import { applyVariant, withSweepKeys } from '../sweep/apply.js';
import type { Variant } from '../sweep/types.js';
import { findWarnings } from './warnings.js';

export interface LoadOptions extends Arguments {
  readonly registry: Registry;
  /** Where relative paths of plug-ins begin, if not at the folder of the file: a resolved experiment lies elsewhere. */
  readonly pluginFolder?: string;
  /** Which run, of a file with a sweep. */
  readonly variant?: Variant;
}

/** An experiment that was read and found sound: its values with all defaults, and the parts that they built. */
export interface LoadedExperiment {
  readonly file: string;
  /** The text as written. */
  readonly source: string;
  /** Texts of all files that it is made of. */
  readonly sources: Sources;
  readonly experiment: Experiment;
  readonly built: BuiltExperiment;
  /** Null where the file has one run. */
  readonly variant: Variant | null;
  /** Where its components come from, plug-ins included. */
  readonly registry: Registry;
  readonly plugins: readonly Plugin[];
  readonly origins: Origins;
  /** What values took the place of, by JSON pointers, the newest last. */
  readonly overridden: ReadonlyMap<string, readonly Overridden[]>;
  /** The resolved experiment as YAML; loading that gives the same experiment. */
  readonly yaml: () => string;
  /** What it may do, and is known not to lead where it is meant to. */
  readonly warnings: readonly LocatedFault[];
  /** Faults that come to light later, at the places where their values were written. */
  readonly toError: (faults: readonly Fault[]) => ConfigError;
}

/** Top-level keys that nobody reads: a place for anchors. */
const withoutParking = (map: PlainMap): Record<string, unknown> =>
  Object.fromEntries(Object.entries(map).filter(([key]) => !key.startsWith('x-')));

const unreadFile: readonly FaultCode[] = ['bad-extends', 'missing-file', 'unreadable-file', 'empty-file', 'not-a-map', 'yaml-syntax'];
const missing: readonly FaultCode[] = ['missing-key', 'missing-type', 'exactly-one', 'bad-place'];

/** What stands for a value that could not be read (a broken alias, a tag) is no fault of its own. */
const isEcho = ({ code, path }: Fault, earlier: readonly Fault[]): boolean =>
  earlier.some((fault) => {
    // What a file that cannot be read would have said, nobody can miss.
    if (unreadFile.includes(fault.code) || fault.path[0] === 'extends') return missing.includes(code);
    if (fault.code !== 'bad-alias' && fault.code !== 'unknown-tag' && fault.code !== 'bad-reference') return false;
    return startsWith(path, fault.path) || (code === 'exactly-one' && startsWith(fault.path, path));
  });

const ofValue: readonly FaultCode[] = ['wrong-type', 'out-of-range', 'bad-length', 'not-one-of', 'bad-pattern'];

/** A value that is wrong where it was set is told there, and not again by those who refer to it. */
const isRepeated = ({ code, path }: Fault, all: readonly Fault[], origins: Origins): boolean => {
  const origin = originOf(origins, path);
  const from = origin.kind === 'file' ? (origin.reference?.from ?? null) : null;
  return (
    from !== null && ofValue.includes(code) && all.some((other) => ofValue.includes(other.code) && originOf(origins, other.path) === from)
  );
};

/** Puts values for references, then gives arguments the types that their params ask for; gives back the references without a value. */
const resolveReferences = (
  composition: Composition,
  registry: Registry,
  { name, texts }: { readonly name: string; readonly texts: readonly ArgumentText[] },
): References => {
  let completed: PlainMap | undefined;
  const references = new References(composition, {
    complete: () => {
      completed ??= resolveParams(registry, experimentParams, withoutParking(composition.value)).value;
      return { ...completed, name: completed['name'] ?? name };
    },
    environment: process.env,
  });
  references.resolve([]);
  typeTexts(registry, composition, [...texts, ...references.texts]);
  return references;
};

/** A component of a plug-in that was not loaded is not missed on top. */
const isOfPlugin = (fault: Fault): boolean => fault.code === 'unknown-component' && fault.facts.name.includes('/');

/**
 * Reads, overrides, resolves, builds and checks an experiment. No data is loaded: what a dataset does not know beforehand is
 * checked when the run knows it.
 * @throws ConfigError with every fault of the file and of the overrides.
 */
export const loadExperiment = async (file: string, options: LoadOptions): Promise<LoadedExperiment> =>
  loadComposed(await compose(file, options.registry, options), options);

/** As `loadExperiment`, of a file that was read before; `composed` is left as it is. */
export const loadComposed = async (composed: ComposedFile, options: Omit<LoadOptions, keyof Arguments>): Promise<LoadedExperiment> => {
  const { pluginFolder = null, variant = null } = options;
  const { file, source, sources, texts, faults: readFaults } = composed;
  const { composition, faults: variantFaults } = applyVariant(composed, variant);
  const { origins } = composition;
  // Of a file that cannot be read as it stands, nothing is run.
  const isReadable = readFaults.length === 0;
  const none: Extension = { registry: options.registry, plugins: [], faults: [] };
  const extension = isReadable ? await addPlugins(options.registry, composition.value, origins, pluginFolder) : none;
  const { registry, plugins, faults: pluginFaults } = extension;
  const references = resolveReferences(composition, registry, { name: nameFromFile(file), texts });
  const input = withoutParking(composition.value);
  const { value, faults: foundFaults, defaults } = resolveParams(registry, experimentParams, input);
  const arePluginsMissing =
    declaresPlugins(input) && (!isReadable || [...pluginFaults, ...foundFaults].some(({ path }) => path[0] === 'plugins'));
  const paramFaults = [...pluginFaults, ...foundFaults.map(withSweepKeys)];

  const isClean = (path: Path): boolean => !paramFaults.some((fault) => startsWith(fault.path, path));
  const parts = buildParts(registry, value, isClean);
  const { counts, faults: countFaults } = countSplits(parts.data);
  const misfits = checkParts(
    parts,
    { data: parts.data?.component.facts ?? null, counts },
    {
      registry,
      training: value['training'],
      hasFaultyMetric: !isClean(['metrics']),
      hasFaultyClassifier: !isClean(['classifier']),
      hasFaultySampler: !isClean(['sampler']),
      hasFaultyPlot: !isClean(['plots']),
      hasFaultyLoss:
        value['losses'] === undefined || !isClean(['losses']) || !isClean(['training', 'updates']) || !isClean(['training', 'freeze']),
    },
  );
  const sessionFaults = isClean(['metrics']) ? checkSession(value, parts, null) : [];
  const earlier = [...readFaults.map(({ fault }) => fault), ...references.faults, ...references.echoes];
  const found = [...paramFaults, ...checkTraining(value), ...countFaults, ...misfits, ...sessionFaults];
  const faults = found.filter(
    (fault) => !isEcho(fault, earlier) && !isRepeated(fault, found, origins) && !(arePluginsMissing && isOfPlugin(fault)),
  );

  for (const [place, component] of defaults) origins.set(place, { kind: 'default', component });
  const toError = (late: readonly Fault[]): ConfigError => new ConfigError(late.map((fault) => locate(fault, origins, sources)));
  const located = [...references.faults, ...faults].map((fault) => locate(fault, origins, sources));
  const all = [...readFaults.filter(({ fault }) => fault.code !== 'bad-place' || !isEcho(fault, earlier)), ...variantFaults, ...located];
  if (all.length > 0) throw new ConfigError(all);

  const specifiers = resolvedSpecifiers(plugins, pluginFolder ?? dirname(file));
  const experiment = deepFreeze({ ...value, name: value['name'] ?? nameFromFile(file), plugins: specifiers });
  if (!isExperiment(experiment)) throw new Error(`${file} resolved to something that is no experiment.`);
  const built = assertBuilt(parts);
  const warnings = findWarnings(registry, experiment, built).map((fault) => locate(fault, origins, sources));
  return {
    file,
    source,
    sources,
    experiment,
    built,
    variant,
    registry,
    plugins,
    origins,
    overridden: composition.overridden,
    warnings,
    yaml: () => stringify(escapeReferences(experiment), { lineWidth: 0, aliasDuplicateObjects: false }),
    toError,
  };
};
