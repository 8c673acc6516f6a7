/** The experiment files that a batch is made of: those of folders, single ones, and those that match a pattern. */
import { stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { BatchError } from './errors.js';

const pattern = '**/*.{yaml,yml}';

const kindOf = async (path: string): Promise<'file' | 'folder' | null> => {
  const stats = await stat(path).catch(() => null);
  return stats === null ? null : stats.isDirectory() ? 'folder' : 'file';
};

/** Shells expand patterns themselves, except those in quotes, and except on Windows. A file of that very name comes first. */
const expandInput = async (input: string): Promise<readonly string[]> => {
  const kind = await kindOf(input);
  if (kind === 'file') return [input];
  if (kind === 'folder') return (await glob(pattern, { cwd: input, expandDirectories: false })).map((file) => join(input, file));
  const found = isDynamicPattern(input)
    ? await glob(input.replaceAll('\\', '/'), { expandDirectories: false, absolute: isAbsolute(input) })
    : [];
  if (found.length === 0) throw new BatchError('no-such-file', { input });
  return found.filter((file) => ['.yaml', '.yml'].includes(extname(file)));
};

/**
 * Paths as a user would write them, each once, in the order of the arguments and then by name.
 * @throws BatchError (`no-such-file`, `no-experiments`)
 */
export const findFiles = async (inputs: readonly string[]): Promise<readonly string[]> => {
  const files = new Map<string, string>();
  for (const input of inputs)
    for (const file of (await expandInput(input)).toSorted()) if (!files.has(resolve(file))) files.set(resolve(file), file);
  if (files.size === 0) throw new BatchError('no-experiments', { inputs });
  return [...files.values()];
};

/** The part of a pattern before its first `*`; a path as it is. */
const fixedPart = (input: string): string => {
  const parts = input.replaceAll('\\', '/').split('/');
  const first = parts.findIndex((part) => isDynamicPattern(part));
  return first === -1 ? input : parts.slice(0, first).join('/') || (input.startsWith('/') ? '/' : '.');
};

/**
 * A name for the batch: that of its folder or file; of several, that of the folder they lie in. It follows from the arguments alone: the
 * same command leads to the same batch, whatever has come into the folder or has gone from it.
 */
export const nameBatch = (inputs: readonly string[]): string => {
  const paths = inputs.map((input) => resolve(fixedPart(input)));
  const [first = resolve('.')] = paths;
  let common = paths.length === 1 ? first : dirname(first);
  while (paths.some((path) => relative(common, path).startsWith('..'))) common = dirname(common);
  const name = basename(common).replace(/\.ya?ml$/, '');
  return name === '' ? 'batch' : name;
};
