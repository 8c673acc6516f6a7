/** A batch: the folder that its runs lie in, which runs those are, and which of them are to be started now. */
import { readdir, readFile, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Registry } from '../registry/registry.js';
import { describePlugins } from '../runner/config/plugins.js';
import { acquireLock, type RunLock } from '../runner/output/lock.js';
import type { RunRecord } from '../runner/output/record.js';
import { describeGit } from '../runner/output/surroundings.js';
import { makeFolders } from '../runner/output/whole-file.js';
import { guardWrite } from '../runner/output/write-errors.js';
import { prepareRun } from '../runner/prepare.js';
import { readRecord } from '../runner/resume.js';
import { packageVersion } from '../runner/version.js';
import { BatchError } from './errors.js';
import { expandFiles, fits, type DeclaredRun } from './expand.js';
import { findFiles, nameBatch } from './files.js';
import type { Task } from './launcher.js';
import { readManifest, writeManifest, type Manifest, type ManifestRun } from './manifest.js';

/** Which runs, where there is a batch already. */
export type Choice =
  /** What is not finished; failed ones stay as they are. */
  | 'unfinished'
  /** Failed ones, and nothing else. */
  | 'failed'
  /** Reads the files again: what they declare now and is not done. */
  | 'needed'
  /** Moves the old batch aside. */
  | 'restart';

export interface Priority {
  /** `*` stands for any text. */
  readonly pattern: string;
  readonly priority: number;
}

export interface BatchOptions {
  readonly inputs: readonly string[];
  /** Its folder; null: below results/batches, named after the inputs. */
  readonly out: string | null;
  readonly choice: Choice;
  /** The last one that fits counts. */
  readonly priorities: readonly Priority[];
  /** Whether anything may be written. */
  readonly dryRun: boolean;
}

export interface Batch {
  readonly folder: string;
  readonly manifest: Omit<Manifest, 'format'>;
  /** What is to be started, in the order of the manifest. */
  readonly tasks: readonly Task[];
  /** Statuses of all runs by name; null: not begun. */
  readonly statuses: ReadonlyMap<string, RunRecord['status'] | null>;
  readonly notes: readonly string[];
  readonly release: () => Promise<void>;
}

/** Statuses of runs, by name; null where there is no run yet. */
const statusOf = (folder: string): Promise<RunRecord['status'] | null> =>
  readRecord(folder).then(
    ({ status }) => status,
    () => null,
  );

/** Hashes by name of the runs whose folders are there. */
const runsBelow = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = new Map<string, string>();
  for (const entry of entries) {
    const record = entry.isDirectory() ? await readRecord(join(folder, entry.name)).catch(() => null) : null;
    if (record !== null) found.set(entry.name, record.hashes.experiment);
  }
  return found;
};

const priorityOf = (priorities: readonly Priority[], run: { readonly name: string; readonly file: string }): number | null =>
  priorities.findLast(({ pattern }) => fits(pattern, run))?.priority ?? null;

const freeze = async (
  inputs: readonly string[],
  runs: readonly DeclaredRun[],
  priorities: readonly Priority[],
): Promise<Omit<Manifest, 'format'>> => ({
  version: packageVersion,
  created: new Date().toISOString(),
  workingFolder: process.cwd(),
  git: await describeGit(process.cwd()),
  inputs,
  sources: Object.fromEntries(runs.map(({ loaded: { file, source } }) => [file, source])),
  runs: runs.map(({ name, hashes, loaded }): ManifestRun => {
    const { file, experiment } = loaded;
    return {
      ...{ name, hashes, file, experiment: experiment.name, seed: experiment.seed },
      priority: priorityOf(priorities, { name, file }) ?? 0,
      resolved: loaded.yaml(),
      plugins: describePlugins(loaded),
    };
  }),
});

/** Files that are not as the batch has them: it goes on with them as they were. */
const noteChanges = async (
  { sources, workingFolder }: Pick<Manifest, 'sources' | 'workingFolder'>,
  files: readonly string[],
): Promise<readonly string[]> => {
  const known = new Map(Object.entries(sources).map(([file, source]) => [resolve(workingFolder, file), source]));
  const say = (file: string, what: string): string =>
    `${file} ${what} since the batch began, which goes on as it was; --needed takes the files as they are now`;
  const notes: string[] = [];
  for (const file of files) {
    const source = known.get(resolve(file));
    if (source === undefined) notes.push(say(file, 'has come'));
    else if (source !== (await readFile(file, 'utf8').catch(() => null))) notes.push(say(file, 'has changed'));
  }
  const gone = [...known.keys()].filter((file) => !files.some((each) => resolve(each) === file));
  return [...notes, ...gone.map((file) => say(file, 'has gone'))];
};

const isSameBatch = ({ inputs, workingFolder }: Pick<Manifest, 'inputs' | 'workingFolder'>, given: readonly string[]): boolean => {
  const paths = (folder: string, list: readonly string[]): string =>
    [...new Set(list.map((each) => resolve(folder, each)))].toSorted().join('\0');
  return paths(workingFolder, inputs) === paths(process.cwd(), given);
};

const timestamp = (): string => new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);

/** Of which runs there is something to do. */
const isWanted = (choice: Choice, status: RunRecord['status'] | null): boolean => {
  switch (choice) {
    case 'failed':
      return status === 'failed';
    case 'unfinished':
      return status !== 'done' && status !== 'failed';
    case 'needed':
    case 'restart':
      return status !== 'done';
  }
};

const createTask = (folder: string, manifest: Omit<Manifest, 'format'>, run: ManifestRun, priorities: readonly Priority[]): Task => {
  const { name, file, experiment, seed, hashes, resolved, plugins } = run;
  const { git, workingFolder, version, sources } = manifest;
  const own = join(folder, name);
  return {
    name,
    folder: own,
    priority: priorityOf(priorities, run) ?? run.priority,
    prepare: async () => {
      if ((await statusOf(own)) !== null) return;
      const source = sources[file] ?? resolved;
      await prepareRun(own, { experiment, seed, file, resolved, hashes, version, plugins, source, git, workingFolder });
    },
  };
};

/** The manifest to work with, and whether it is a new one. */
const decide = async (
  { inputs, choice, priorities }: BatchOptions,
  folder: string,
  files: readonly string[],
  registry: Registry,
): Promise<{ readonly manifest: Omit<Manifest, 'format'>; readonly isNew: boolean; readonly notes: readonly string[] }> => {
  const old = choice === 'restart' ? null : await readManifest(folder);
  if (old !== null && !isSameBatch(old, inputs)) throw new BatchError('other-batch', { folder, inputs: old.inputs, given: inputs });
  if (old !== null && choice !== 'needed') return { manifest: old, isNew: false, notes: await noteChanges(old, files) };
  const earlier = choice === 'restart' ? new Map<string, string>() : await runsBelow(folder);
  const { runs, notes } = await expandFiles(files, registry, earlier);
  return { manifest: await freeze(inputs, runs, priorities), isNew: true, notes };
};

/**
 * Finds out what is to be done, and freezes it. Nothing is started.
 * @throws BatchError; ConfigError with the faults of all files; RunError (`run-locked`, `output-unwritable`, `disk-full`).
 */
export const openBatch = async (options: BatchOptions, registry: Registry): Promise<Batch> => {
  const { inputs, choice, priorities, dryRun } = options;
  const found = await findFiles(inputs).catch((error: unknown) => {
    if (error instanceof BatchError) return error;
    throw error;
  });
  const files = found instanceof BatchError ? [] : found;
  const folder = options.out ?? join('results/batches', nameBatch(inputs));
  // A batch that has begun goes on also where its files are gone.
  if (found instanceof BatchError && (choice === 'needed' || choice === 'restart' || (await readManifest(folder)) === null)) throw found;
  let lock: RunLock | null = null;
  const release = async (): Promise<void> => lock?.release();
  try {
    // What is wrong with the files is told before there is a folder.
    let decision = await decide(options, folder, files, registry);
    if (!dryRun) {
      await guardWrite(folder, () => makeFolders(folder));
      lock = await acquireLock(join(folder, 'batch.lock'), 'batch');
      if (choice === 'restart') lock = await moveAside(folder, lock);
      // Another controller may have been faster, and be gone already.
      else if (decision.isNew && (await readManifest(folder)) !== null) decision = await decide(options, folder, files, registry);
    }
    const { manifest, isNew, notes } = decision;
    if (isNew && !dryRun) await writeManifest(folder, manifest);
    const statuses = new Map<string, RunRecord['status'] | null>();
    for (const { name } of manifest.runs) statuses.set(name, choice === 'restart' ? null : await statusOf(join(folder, name)));
    const tasks = manifest.runs
      .filter(({ name }) => isWanted(choice, statuses.get(name) ?? null))
      .map((run) => createTask(folder, manifest, run, priorities));
    return { folder, manifest, tasks, statuses, notes, release };
  } catch (error) {
    await release();
    throw error;
  }
};

/** Makes room for a new batch of the same name; nothing of the old one is lost. */
const moveAside = async (folder: string, lock: RunLock): Promise<RunLock> => {
  if ((await readManifest(folder).catch(() => true)) === null) return lock;
  await lock.release();
  await guardWrite(folder, () => rename(folder, `${folder}-before-${timestamp()}`));
  await guardWrite(folder, () => makeFolders(folder));
  return acquireLock(join(folder, 'batch.lock'), 'batch');
};
