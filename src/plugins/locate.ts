/**
 * From an entry of `plugins` to a file, without importing it: a relative path to a file of the project, or the name of an installed
 * package. Nothing else is taken: no absolute path, no URL, no module of Node, no path that leads out of the project.
 */
import { readFile, realpath, stat } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { isMap, ownValue } from '../registry/values.js';
import { PluginError } from './errors.js';

export interface PluginFile {
  /** What its components are named by: `<namespace>/<name>`. */
  readonly namespace: string;
  /** Absolute, symbolic links followed. */
  readonly file: string;
  /** Of the package; null for a file of the project. */
  readonly version: string | null;
}

const javascript = ['.js', '.mjs', '.cjs'];
const typescript = ['.ts', '.mts', '.cts'];
const packageName = /^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/;
const kebab = /^[a-z][a-z0-9-]*$/;
const maxLength = 300;

const forms = 'Write a path that begins with `./` or `../`, or the name of an installed package.';

const isFile = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

/** Folders from `folder` up to the root. */
function* foldersAbove(folder: string): Generator<string> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    yield at;
    if (at === dirname(at)) return;
  }
}

/** What a plug-in's path may not leave: the nearest folder at or above `folder` that has a package.json, else `folder`. */
const projectOf = async (folder: string): Promise<string> => {
  for (const above of foldersAbove(folder)) if (await isFile(join(above, 'package.json'))) return above;
  return folder;
};

const namespaceOf = (name: string, wayOut: string): string => {
  if (kebab.test(name)) return name;
  throw new PluginError(
    `its components would be named \`${name}/...\`, and ${JSON.stringify(name)} is not lower-case words with hyphens`,
    wayOut,
  );
};

const assertLoadable = (file: string): void => {
  const extension = extname(file);
  if (javascript.includes(extension)) return;
  if (!typescript.includes(extension))
    throw new PluginError(
      `${JSON.stringify(basename(file))} is no module`,
      `A plug-in is one of ${[...javascript, ...typescript].join(', ')}.`,
    );
  // What Node says of itself since 22.10: false, 'strip' or 'transform'.
  if (Boolean(Reflect.get(process.features, 'typescript'))) return;
  throw new PluginError(
    `Node ${process.versions.node} cannot load TypeScript`,
    `Node 22.18 and later can. Use one of those, or compile the file and name what comes of it: \`npx tsc ${basename(file)}\`.`,
  );
};

const isBelow = (file: string, folder: string): boolean => file.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);

const locateFile = async (specifier: string, folder: string): Promise<PluginFile> => {
  const project = await projectOf(resolve(folder));
  const outside = (): PluginError =>
    new PluginError('it lies outside of the project', `A plug-in is a file below ${project}, or an installed package.`);
  const named = resolve(folder, specifier);
  // First as it is written, so that nothing outside is even looked at; then as links lead.
  if (!isBelow(named, project)) throw outside();
  assertLoadable(named);
  const file = await realpath(named).catch(() => null);
  if (file === null || !(await isFile(file)))
    throw new PluginError(
      `there is no file ${JSON.stringify(relative(process.cwd(), named))}`,
      'Paths begin at the folder of the file that names them.',
    );
  if (!isBelow(file, await realpath(project))) throw outside();
  assertLoadable(file);
  return { namespace: namespaceOf(basename(named, extname(named)), 'Give the file another name.'), file, version: null };
};

/** What `import` takes of a package's `exports`, and of its `main` where there are none. */
const entryOf = (manifest: unknown): string => {
  const pick = (target: unknown): string | null => {
    if (typeof target === 'string') return target;
    if (Array.isArray(target)) return target.map(pick).find((found) => found !== null) ?? null;
    if (!isMap(target)) return null;
    for (const [condition, inner] of Object.entries(target)) {
      if (!['node', 'import', 'module-sync', 'node-addons', 'default'].includes(condition)) continue;
      const found = pick(inner);
      if (found !== null) return found;
    }
    return null;
  };
  const exported = ownValue(manifest, 'exports');
  if (exported === undefined) {
    const main = ownValue(manifest, 'main');
    return typeof main === 'string' ? main : 'index.js';
  }
  const found = pick(ownValue(exported, '.') ?? exported);
  if (found === null)
    throw new PluginError('the package exports nothing under its own name', 'Its package.json needs `"exports": "./index.js"`.');
  return found;
};

const locatePackage = async (name: string, folder: string): Promise<PluginFile> => {
  for (const above of foldersAbove(folder)) {
    const home = join(above, 'node_modules', name);
    const text = await readFile(join(home, 'package.json'), 'utf8').catch(() => null);
    if (text === null) continue;
    let manifest: unknown;
    try {
      manifest = JSON.parse(text);
    } catch (error) {
      throw new PluginError(`${join(home, 'package.json')} is no JSON`, 'Install the package again.', { cause: error });
    }
    const root = await realpath(home);
    const entry = join(root, entryOf(manifest));
    const file = (await isFile(entry)) ? entry : (await isFile(`${entry}.js`)) ? `${entry}.js` : join(entry, 'index.js');
    const found = await realpath(file).catch(() => null);
    if (found === null)
      throw new PluginError(`${entry}, which its package.json names, is not there`, 'Install the package again, or build it.');
    if (!found.startsWith(`${root}${sep}`)) throw new PluginError(`its package.json leads out of the package, to ${found}`, '');
    assertLoadable(found);
    const version = ownValue(manifest, 'version');
    const last = name.slice(name.indexOf('/') + 1);
    const namespace = namespaceOf(last, 'Name it in a file of your own, `export * from ...`, and that file here.');
    return { namespace, file: found, version: typeof version === 'string' ? version : null };
  }
  throw new PluginError(
    `the package ${JSON.stringify(name)} is not installed here`,
    `Try \`npm install ${name}\`, or \`./${name}\` if a file is meant.`,
  );
};

/**
 * @param specifier As written: `./my-components.js` or `some-package`.
 * @param folder Where relative paths begin, and packages are looked for from.
 * @throws PluginError
 */
export const locatePlugin = async (specifier: string, folder: string): Promise<PluginFile> => {
  if (specifier.length > maxLength) throw new PluginError(`a name of ${String(specifier.length)} characters names nothing`, forms);
  if (/\p{Cc}|\\/u.test(specifier)) throw new PluginError('it has a character that no path here has', 'Write `/` between folders.');
  if (/^\.\.?\//.test(specifier)) return locateFile(specifier, folder);
  if (isBuiltin(specifier)) throw new PluginError('it is a module of Node, and no plug-in', forms);
  if (/^([a-z][a-z0-9+.-]*:|\/)/i.test(specifier)) throw new PluginError('it is an absolute path or a URL', forms);
  if (!packageName.test(specifier) || specifier === 'node_modules')
    throw new PluginError('it is neither a relative path nor the name of a package', forms);
  return locatePackage(specifier, folder);
};
