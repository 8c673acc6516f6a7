/** Loads plug-ins: modules that export definitions. This is the one place where latentlab runs code that an experiment names. */
import { pathToFileURL } from 'node:url';
import type { AnyComponent } from '../registry/define.js';
import { hashContent } from './content.js';
import { definitionsOf } from './definitions.js';
import { PluginError } from './errors.js';
import { locatePlugin } from './locate.js';
import { shareModules } from './sharing.js';

export interface Plugin {
  /** As written: `./my-components.js` or `some-package`. */
  readonly specifier: string;
  /** The first part of its components' names. */
  readonly namespace: string;
  /** Absolute. */
  readonly file: string;
  /** Of the package; null for a file. */
  readonly version: string | null;
  /** Of the module and what it imports by relative paths, when it was loaded. */
  readonly sha256: string;
  /** Named `<namespace>/<name>`. */
  readonly components: readonly AnyComponent[];
}

const withNamespace = (component: AnyComponent, namespace: string): AnyComponent => ({
  kind: component.kind,
  name: `${namespace}/${component.name}`,
  description: component.description,
  params: component.params,
  build: (values) => component.build(values),
});

const firstLine = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).split('\n')[0] ?? '';

/** Where in the module an error was thrown; null where its stack does not say. */
const placeIn = (file: string, error: unknown): string | null => {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const at = stack.indexOf(file);
  return at < 0 ? null : (/^[^\s)]*/.exec(stack.slice(at))?.[0] ?? null);
};

/** Before Node 22.15 only `import` can be given modules that are not installed. */
const isSharedRequired = (error: unknown): boolean =>
  error instanceof Error &&
  Reflect.get(error, 'code') === 'MODULE_NOT_FOUND' &&
  /^Cannot find module '(latentlab|@tensorflow\/tfjs-core)'/.test(error.message);

const importModule = async (file: string): Promise<Readonly<Record<string, unknown>>> => {
  shareModules();
  try {
    const exported: unknown = await import(/* @vite-ignore */ pathToFileURL(file).href);
    return { ...(typeof exported === 'object' ? exported : {}) };
  } catch (error) {
    const place = placeIn(file, error) ?? file;
    const wayOut = isSharedRequired(error)
      ? ' This Node gives it to `import` alone: make it an ES module, or install latentlab beside it.'
      : '';
    throw new PluginError(`it fails when it is imported: ${firstLine(error)}`, `Look at ${place}.${wayOut}`, { cause: error });
  }
};

interface Loaded {
  readonly sha256: string;
  readonly definitions: readonly AnyComponent[];
}

/** Node imports a file once in a process; its hash is that of then. */
const loaded = new Map<string, Promise<Loaded>>();

const loadFile = async (file: string): Promise<Loaded> => {
  const sha256 = await hashContent(file);
  return { sha256, definitions: definitionsOf(await importModule(file)) };
};

/**
 * @param specifier A relative path, or the name of an installed package.
 * @param folder Where relative paths begin, and packages are looked for from.
 * @throws PluginError
 */
export const loadPlugin = async (specifier: string, folder: string): Promise<Plugin> => {
  const { namespace, file, version } = await locatePlugin(specifier, folder);
  const known = loaded.get(file) ?? loadFile(file);
  loaded.set(file, known);
  const { sha256, definitions } = await known;
  return { specifier, namespace, file, version, sha256, components: definitions.map((component) => withNamespace(component, namespace)) };
};
