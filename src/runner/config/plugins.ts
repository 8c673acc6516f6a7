/** The plug-ins that an experiment declares, and the registry with their components. Where none is declared nothing is loaded for them. */
import { dirname, relative, resolve, sep } from 'node:path';
import type { Fault } from '../../registry/faults.js';
import type { Path } from '../../registry/path.js';
import { Registry } from '../../registry/registry.js';
import { ownValue, type PlainMap } from '../../registry/values.js';
import type { Plugin } from '../../plugins/load.js';
import type { PluginRecord } from '../output/record.js';
import type { Experiment } from './experiment.js';
import { originOf, type Origins } from './origins.js';

export interface Extension {
  /** The registry that was given, or one of its own for this experiment. */
  readonly registry: Registry;
  readonly plugins: readonly Plugin[];
  readonly faults: readonly Fault[];
}

interface Declared {
  readonly specifier: string;
  readonly path: Path;
  /** Where a relative path begins: the folder of the file that says it, or the current one for an argument. */
  readonly folder: string;
}

/** Whether an experiment names any, rightly or wrongly. */
export const declaresPlugins = (input: PlainMap): boolean => {
  const list = ownValue(input, 'plugins');
  return list !== undefined && list !== null && !(Array.isArray(list) && list.length === 0);
};

/** Entries that are no texts are told about when the experiment is resolved. */
const declaredIn = (input: PlainMap, origins: Origins, base: string | null): readonly Declared[] => {
  const list = ownValue(input, 'plugins');
  if (!Array.isArray(list)) return [];
  return list.flatMap((specifier: unknown, i): readonly Declared[] => {
    if (typeof specifier !== 'string' || specifier === '') return [];
    const path = ['plugins', i];
    const origin = originOf(origins, path);
    const folder = origin.kind === 'file' ? (base ?? resolve(dirname(origin.file))) : process.cwd();
    return [{ specifier, path, folder }];
  });
};

const refuse = (path: Path, plugin: string, reason: string, help: string): Fault => ({
  code: 'bad-plugin',
  path,
  at: 'value',
  facts: { plugin, reason, help },
});

const findDouble = (plugins: readonly Plugin[], { file, namespace }: Plugin): string | null => {
  const same = plugins.find((other) => other.file === file);
  if (same !== undefined) return `it is in the list already, as ${JSON.stringify(same.specifier)}`;
  const alike = plugins.find((other) => other.namespace === namespace);
  return alike === undefined
    ? null
    : `its components are named \`${namespace}/...\`, and so are those of ${JSON.stringify(alike.specifier)}`;
};

/**
 * Imports the declared plug-ins, one after another in the order of the list.
 * @param base Where relative paths of files begin, if not at the file's own folder.
 */
export const addPlugins = async (registry: Registry, input: PlainMap, origins: Origins, base: string | null): Promise<Extension> => {
  const declared = declaredIn(input, origins, base);
  if (declared.length === 0) return { registry, plugins: [], faults: [] };
  const [{ loadPlugin }, { PluginError }] = await Promise.all([import('../../plugins/load.js'), import('../../plugins/errors.js')]);
  const plugins: Plugin[] = [];
  const faults: Fault[] = [];
  let extended = registry;
  for (const { specifier, path, folder } of declared) {
    try {
      const plugin = await loadPlugin(specifier, folder);
      const double = findDouble(plugins, plugin);
      if (double !== null) throw new PluginError(double, 'Take one of them away, or give its file another name.');
      const { components } = plugin;
      const twice = components.find(
        (component, i) => components.findIndex(({ kind, name }) => kind === component.kind && name === component.name) !== i,
      );
      if (twice !== undefined)
        throw new PluginError(`it has two components called ${twice.kind} ${JSON.stringify(twice.name)}`, 'Give one of them another name.');
      const taken = components.find(({ kind, name }) => extended.find(kind, name) !== undefined);
      if (taken !== undefined)
        throw new PluginError(`there is a ${taken.kind} ${JSON.stringify(taken.name)} already`, 'Give its file another name.');
      extended = new Registry([...extended.all(), ...components]);
      plugins.push(plugin);
    } catch (error) {
      if (!(error instanceof PluginError)) throw error;
      faults.push(refuse(path, specifier, error.reason, error.help));
    }
  }
  return { registry: extended, plugins, faults };
};

/** As a resolved experiment names them: paths of files begin at the folder of the experiment's file, whichever file named them. */
export const resolvedSpecifiers = (plugins: readonly Plugin[], folder: string): readonly string[] =>
  plugins.map(({ specifier, file }) => {
    if (!/^\.\.?\//.test(specifier)) return specifier;
    const path = relative(resolve(folder), file).split(sep).join('/');
    return path.startsWith('../') ? path : `./${path}`;
  });

/** Plug-ins as the resolved experiment names them, for the run's record. */
export const describePlugins = ({
  experiment,
  plugins,
}: {
  readonly experiment: Pick<Experiment, 'plugins'>;
  readonly plugins: readonly Plugin[];
}): readonly PluginRecord[] =>
  plugins.map(({ specifier, version, sha256 }, i) => ({ plugin: experiment.plugins[i] ?? specifier, version, sha256 }));
