/** Plug-ins that arguments name. */
import { ConfigError } from '../registry/errors.js';
import type { Registry } from '../registry/registry.js';
import type { Io } from './io.js';

/** A path may be given as a shell completes it, without `./`. */
export const asSpecifier = (plugin: string): string =>
  /\.[mc]?[jt]s$/.test(plugin) && !/^(\.\.?)?\//.test(plugin) ? `./${plugin}` : plugin;

export interface PluginSources {
  /** An experiment whose plug-ins are taken. */
  readonly file?: string;
  /** As behind `--plugins`. */
  readonly plugins?: readonly string[];
}

/** The registry with what they add; null, after saying why, where that cannot be loaded. */
export const withPlugins = async (registry: Registry, { file, plugins = [] }: PluginSources, io: Io): Promise<Registry | null> => {
  if (file === undefined && plugins.length === 0) return registry;
  const { registryOfFile, registryWith } = await import('../runner/config/declared-plugins.js');
  try {
    const extended = file === undefined ? registry : await registryOfFile(registry, file);
    return await registryWith(extended, '--plugins', plugins.map(asSpecifier));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    io.err(error.message);
    return null;
  }
};
