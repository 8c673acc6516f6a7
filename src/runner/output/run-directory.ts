/** The folder of a run, results/<experiment>/<run id>/: made once, written whole file by whole file, never left by a path. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Clock } from './clock.js';
import { makeFolders, writeWholeFile } from './whole-file.js';
import { errnoOf, guardWrite } from './write-errors.js';

export interface RunDirectory {
  /** As given by the user, for messages. */
  readonly path: string;
  /** `20261123-061902-a1b2`: begins with the time (UTC), so that runs sort by it. */
  readonly id: string;
  /** Path of a file inside. Throws Error if it would be outside. */
  file(name: string): string;
  /** Writes a whole file, and makes its folder: there afterwards, or as before. Throws RunError. */
  write(name: string, content: string | Uint8Array): Promise<void>;
}

const maxAttempts = 100;

/**
 * Makes the folder; two runs that start at once get two. `suffix` tells runs of the same second apart.
 * Throws RunError (`output-unwritable`, `disk-full`).
 */
export const createRunDirectory = async (
  results: string,
  experiment: string,
  clock: Clock,
  suffix: () => string = () => randomBytes(2).toString('hex'),
): Promise<RunDirectory> => {
  if (!isFolderName(experiment)) throw new Error(`"${experiment}" cannot name a folder`);
  const parent = join(results, experiment);
  await guardWrite(parent, () => makeFolders(parent));
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const id = `${timestamp(clock.now())}-${suffix()}`;
    const path = join(parent, id);
    if (await guardWrite(path, () => makeNewFolder(path))) return openRunDirectory(path, id);
  }
  throw new Error(`no free name for a run in ${parent} after ${String(maxAttempts)} attempts`);
};

/** False if there is such a folder already. Not recursive: only then does the system say so. */
const makeNewFolder = async (path: string): Promise<boolean> => {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
};

const isFolderName = (name: string): boolean => name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name);

/** One that is there already. */
export const openRunDirectory = (path: string, id: string): RunDirectory => {
  const root = resolve(path);
  const file = (name: string): string => {
    const inside = relative(root, resolve(root, name));
    const leaves = inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
    if (leaves || /[\\\0]/.test(name)) throw new Error(`"${name}" is no file inside a run's folder`);
    return join(path, inside);
  };
  return {
    path,
    id,
    file,
    write: async (name, content) => {
      const target = file(name);
      await guardWrite(target, async () => {
        await makeFolders(dirname(target));
        await writeWholeFile(target, content);
      });
    },
  };
};

const timestamp = (date: Date): string => date.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
