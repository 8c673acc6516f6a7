/** Which runs a command line stands for. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface PlannedRun {
  /** The experiment's file. */
  readonly file: string;
  /** `path=value`, as behind `--set`. */
  readonly overrides: readonly string[];
}

const isExperiment = (name: string): boolean => /\.ya?ml$/.test(name);

/** Experiments below a folder, by name. */
const filesBelow = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && isExperiment(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
};

/** A folder stands for the experiments in it and below; a path that is not there for itself, so that it is told of as a file. */
const filesOf = async (path: string): Promise<readonly string[]> => {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? filesBelow(path) : [path];
};

/** The runs of these files and folders, in their order: each file is one. */
export const listRuns = async (paths: readonly string[], overrides: readonly string[]): Promise<readonly PlannedRun[]> => {
  const files = await Promise.all(paths.map(filesOf));
  return files.flat().map((file) => ({ file, overrides }));
};
