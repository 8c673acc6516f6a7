/** The experiment files that a command line names: those of folders, single ones, and those that match a pattern. */
import { stat } from 'node:fs/promises';
import { extname, isAbsolute, join, resolve } from 'node:path';
import { ConfigError } from '../../registry/errors.js';
import type { Fault, LocatedFault } from '../../registry/faults.js';
import { missingFile } from './read.js';

const pattern = '**/*.{yaml,yml}';

/** Null where there is nothing of this name. What cannot be looked at is left to whoever reads it, who can say why. */
const kindOf = async (path: string): Promise<'file' | 'folder' | null> => {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? null : 'file';
  }
};

/** Shells expand patterns themselves, except those in quotes, and except on Windows. A file of that very name comes first. */
const expandInput = async (input: string): Promise<readonly string[]> => {
  const kind = await kindOf(input);
  if (kind === 'file') return [input];
  // Most commands name a file: the others' library is loaded where it is needed.
  const { glob, isDynamicPattern } = await import('tinyglobby');
  if (kind === 'folder') return (await glob(pattern, { cwd: input, expandDirectories: false })).map((file) => join(input, file));
  const found = isDynamicPattern(input)
    ? await glob(input.replaceAll('\\', '/'), { expandDirectories: false, absolute: isAbsolute(input) })
    : [];
  if (found.length === 0) throw new ConfigError([await missingFile(input)]);
  return found.filter((file) => ['.yaml', '.yml'].includes(extname(file)));
};

export interface FoundFiles {
  /** Paths as a user would write them, each once, in the order of the arguments and then by name. */
  readonly files: readonly string[];
  /** Names that lead to nothing, or to no experiment. */
  readonly faults: readonly LocatedFault[];
}

/** As `findFiles`, for those who go on with what is there. */
export const lookForFiles = async (inputs: readonly string[]): Promise<FoundFiles> => {
  const files = new Map<string, string>();
  const faults: LocatedFault[] = [];
  for (const input of inputs) {
    try {
      const found = await expandInput(input);
      if (found.length === 0) {
        const fault: Fault = { code: 'no-experiments', path: [], at: 'value', facts: {} };
        faults.push({ fault, place: { kind: 'file', file: input, source: '', span: null, alias: null } });
      }
      for (const file of found.toSorted()) if (!files.has(resolve(file))) files.set(resolve(file), file);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      faults.push(...error.faults);
    }
  }
  return { files: [...files.values()], faults };
};

/** @throws ConfigError (`missing-file`, `no-experiments`) with every name that leads to nothing. */
export const findFiles = async (inputs: readonly string[]): Promise<readonly string[]> => {
  const { files, faults } = await lookForFiles(inputs);
  if (faults.length > 0) throw new ConfigError(faults);
  return files;
};
