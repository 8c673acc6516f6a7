/** Registries with plug-ins, for those who want to know what can be named and have no whole experiment: schemas, lists. */
import { ConfigError } from '../../registry/errors.js';
import type { Registry } from '../../registry/registry.js';
import type { PlainMap } from '../../registry/values.js';
import { compose } from './compose.js';
import { locate, type Origin, type Origins, type Sources } from './origins.js';
import { addPlugins } from './plugins.js';

const extend = async (registry: Registry, input: PlainMap, origins: Origins, sources: Sources): Promise<Registry> => {
  const { registry: extended, faults } = await addPlugins(registry, input, origins, null);
  if (faults.length > 0) throw new ConfigError(faults.map((fault) => locate(fault, origins, sources)));
  return extended;
};

/**
 * With the plug-ins of an experiment file, whatever else is wrong with what it says.
 * @throws ConfigError where the file cannot be read, or a plug-in cannot be loaded.
 */
export const registryOfFile = async (registry: Registry, file: string): Promise<Registry> => {
  const { composition, sources, faults } = await compose(file, registry, {});
  if (faults.length > 0) throw new ConfigError(faults);
  return extend(registry, composition.value, composition.origins, sources);
};

/**
 * With plug-ins that an argument names; relative paths begin at the current folder.
 * @throws ConfigError where one cannot be loaded.
 */
export const registryWith = (registry: Registry, argument: string, plugins: readonly string[]): Promise<Registry> => {
  const origins = new Map<string, Origin>([['', { kind: 'override', argument }]]);
  return extend(registry, { plugins }, origins, new Map());
};
