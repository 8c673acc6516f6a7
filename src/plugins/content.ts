/** What a plug-in is made of, as a hash: its module and every file that it imports by a relative path. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { PluginError } from './errors.js';

const maxFiles = 500;

/** `from './x.js'`, `import './x.js'`, `import('./x.js')`, `require('./x.js')`. One in a comment is one file too many in the hash, and no harm. */
const imports = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(['"])(\.\.?\/[^'"\n]+)\1/g;

/**
 * SHA-256 over the files in the order of their paths, each with its path below the module's folder. Files that a module reaches otherwise
 * (by a name that it computes, or from a package) are not in it.
 * @throws PluginError where the module cannot be read.
 */
export const hashContent = async (file: string): Promise<string> => {
  const texts = new Map<string, string>();
  const waiting = [file];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (texts.has(path)) continue;
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (path === file) throw new PluginError(`it cannot be read: ${String(error)}`, '', { cause: error });
      // Import itself says what is missing, if it is missed.
      return null;
    });
    if (text === null) continue;
    texts.set(path, text);
    if (texts.size > maxFiles) throw new PluginError(`it imports more than ${String(maxFiles)} files`, 'Make it a package, or bundle it.');
    for (const [, , specifier = ''] of text.matchAll(imports)) waiting.push(resolve(dirname(path), specifier));
  }
  const hash = createHash('sha256');
  const named = [...texts].map(([path, text]) => [relative(dirname(file), path).replaceAll(sep, '/'), text] as const);
  for (const [name, text] of named.toSorted(([a], [b]) => (a < b ? -1 : 1))) hash.update(`${name}\0${String(text.length)}\0${text}\0`);
  return hash.digest('hex');
};
