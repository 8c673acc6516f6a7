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

/** A name for the batch: that of its folder or its only file, else of the folder that all of its files lie in. */
export const nameBatch = (inputs: readonly string[], files: readonly string[]): string => {
  const [input = '.'] = inputs;
  const [only = input] = files;
  if (files.length === 1) return basename(only, extname(only));
  if (inputs.length === 1 && !isDynamicPattern(input)) return basename(resolve(input));
  let common = dirname(resolve(only));
  while (files.some((file) => relative(common, resolve(file)).startsWith('..'))) common = dirname(common);
  return basename(common) === '' ? 'batch' : basename(common);
};
