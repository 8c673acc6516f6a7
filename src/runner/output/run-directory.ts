/**
 * The folder of a run: results/<experiment>/<run id>/. Whole files are written beside their place and renamed into it, so that
 * a reader, or a crash, never sees half of one.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Clock } from './clock.js';
import { guardWrite } from './write-errors.js';

export interface RunDirectory {
  /** As given by the user, for messages. */
  readonly path: string;
  /** `20261123-061902-a1b2`: begins with the time, so that runs sort by it. */
  readonly id: string;
  /** Path of a file inside. Throws Error if it would be outside. */
  file(name: string): string;
  /** Writes a whole file: there afterwards, or as before. Throws RunError. */
  write(name: string, content: string | Uint8Array): Promise<void>;
}

/** Makes the folder; two runs that start at once get two. Throws RunError (`output-unwritable`, `disk-full`). */
export const createRunDirectory = async (results: string, experiment: string, clock: Clock): Promise<RunDirectory> => {
  const parent = join(results, experiment);
  await guardWrite(parent, () => mkdir(parent, { recursive: true }));
  for (;;) {
    const id = `${timestamp(clock.now())}-${randomBytes(2).toString('hex')}`;
    const path = join(parent, id);
    const isNew = await guardWrite(path, () =>
      mkdir(path).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
          throw error;
        },
      ),
    );
    if (isNew) return openRunDirectory(path, id);
  }
};

const openRunDirectory = (path: string, id: string): RunDirectory => {
  const file = (name: string): string => {
    const inside = relative(resolve(path), resolve(path, name));
    if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) throw new Error(`${name} is not inside the run's folder`);
    return join(path, name);
  };
  return {
    path,
    id,
    file,
    write: async (name, content) => {
      const target = file(name);
      await guardWrite(target, () => writeWhole(target, content));
    },
  };
};

const writeWhole = async (target: string, content: string | Uint8Array): Promise<void> => {
  await mkdir(dirname(target), { recursive: true });
  const temporary = `${target}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};

const timestamp = (date: Date): string => date.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
