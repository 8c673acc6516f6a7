/** A batch: the folder that its runs lie in, which runs those are, and which of them are to be started now. */
import { readdir, readFile, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Registry } from '../registry/registry.js';
import { suggest } from '../registry/suggest.js';
import { ConfigError } from '../registry/errors.js';
import { findFiles } from '../runner/config/find-files.js';
import type { Arguments } from '../runner/config/overrides.js';
import { mergeResources, noResources, type Resources } from '../runner/config/resource-params.js';
import { acquireLock, type RunLock } from '../runner/output/lock.js';
import type { RunRecord } from '../runner/output/record.js';
import { describeGit } from '../runner/output/surroundings.js';
import { makeFolders } from '../runner/output/whole-file.js';
import { guardWrite } from '../runner/output/write-errors.js';
import { prepareRun } from '../runner/prepare.js';
import { packageVersion } from '../runner/version.js';
import { BatchError } from './errors.js';
import { expandFiles, fits, type DeclaredRun } from './expand.js';
import { nameBatch } from './files.js';
import { recordOf } from './follow.js';
import { diskFull, type Task } from './launcher.js';
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
  /** What is other in all of its experiments than in their files. */
  readonly changes: Arguments;
  /** Of each run; wins over what its file says. */
  readonly resources: Resources;
  /** Patterns of the runs to start now; empty: all. */
  readonly only: readonly string[];
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

/** Hashes by name of the runs whose folders are there. */
const runsBelow = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = new Map<string, string>();
  for (const entry of entries) {
    const record = entry.isDirectory() ? await recordOf(join(folder, entry.name)) : null;
    if (record !== null) found.set(entry.name, record.hashes.experiment);
  }
  return found;
};

const priorityOf = (priorities: readonly Priority[], run: { readonly name: string; readonly file: string }): number | null =>
  priorities.findLast(({ pattern }) => fits(pattern, run))?.priority ?? null;

const describeArguments = ({ overlays = [], removals = [], overrides = [] }: Arguments): readonly string[] => [
  ...overlays.map((text) => `--set-file ${text}`),
  ...removals.map((text) => `--unset ${text}`),
  ...overrides.map((text) => `--set ${text}`),
];

const freeze = async ({ inputs, changes, priorities }: BatchOptions, runs: readonly DeclaredRun[]): Promise<Omit<Manifest, 'format'>> => ({
  version: packageVersion,
  created: new Date().toISOString(),
  workingFolder: process.cwd(),
  git: await describeGit(process.cwd()),
  inputs,
  changes: describeArguments(changes),
  sources: Object.fromEntries(runs.flatMap(({ sources }) => [...sources])),
  runs: runs.map((run): ManifestRun => {
    const { name, hashes, axes, resources, file, experiment, seed, resolved, plugins } = run;
    return { name, hashes, axes, resources, file, experiment, seed, priority: priorityOf(priorities, run) ?? 0, resolved, plugins };
  }),
});

/** Arguments and files that are not as the batch has them: it goes on with them as they were. */
const noteChanges = async (
  { sources, workingFolder, runs, changes = [] }: Pick<Manifest, 'sources' | 'workingFolder' | 'runs' | 'changes'>,
  files: readonly string[],
  given: readonly string[],
): Promise<readonly string[]> => {
  const known = new Map(Object.entries(sources).map(([file, source]) => [resolve(workingFolder, file), source]));
  const say = (file: string, what: string): string =>
    `${file} ${what} since the batch began, which goes on as it was; --needed takes the files as they are now`;
  const listed = new Map(files.map((file) => [resolve(file), file]));
  const experiments = new Set(runs.map(({ file }) => resolve(workingFolder, file)));
  const words = (list: readonly string[]): string => (list.length === 0 ? 'without --set' : `with ${list.join(' ')}`);
  const notes =
    changes.join('\n') === given.join('\n')
      ? []
      : [`the batch began ${words(changes)}, not ${words(given)}, and goes on as it was; --needed takes what is given now`];
  notes.push(...files.filter((file) => !known.has(resolve(file))).map((file) => say(file, 'has come')));
  for (const [file, source] of known) {
    const text = await readFile(file, 'utf8').catch(() => null);
    const name = listed.get(file) ?? file;
    // Those that are extended may lie anywhere.
    if (text === null || (experiments.has(file) && !listed.has(file))) notes.push(say(name, 'has gone'));
    else if (text !== source) notes.push(say(name, 'has changed'));
  }
  return notes;
};

const isSameBatch = ({ inputs, workingFolder }: Pick<Manifest, 'inputs' | 'workingFolder'>, given: readonly string[]): boolean => {
  const paths = (folder: string, list: readonly string[]): string =>
    [...new Set(list.map((each) => resolve(folder, each)))].toSorted().join('\0');
  return paths(workingFolder, inputs) === paths(process.cwd(), given);
};

const timestamp = (): string => new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);

/** Of which runs there is something to do; null stands for one that has not begun. */
const isWanted = (choice: Choice, record: Pick<RunRecord, 'status' | 'error'> | null): boolean => {
  const isFailed = record?.status === 'failed';
  switch (choice) {
    case 'failed':
      return isFailed;
    case 'unfinished':
      // A full disk is no fault of the run.
      return record?.status !== 'done' && (!isFailed || record.error?.code === diskFull);
    case 'needed':
    case 'restart':
      return record?.status !== 'done';
  }
};

/** @throws BatchError (`bad-option`) where a pattern fits no run. */
const chooseOnly = (only: readonly string[], runs: readonly ManifestRun[]): ((run: ManifestRun) => boolean) => {
  const idle = only.find((pattern) => !runs.some((run) => fits(pattern, run)));
  if (idle === undefined) return (run) => only.length === 0 || only.some((pattern) => fits(pattern, run));
  const suggestion =
    suggest(
      idle,
      runs.map(({ name }) => name),
    ) ??
    runs[0]?.name ??
    '';
  throw new BatchError('bad-option', {
    option: `--only ${idle}`,
    reason: `fits none of ${String(runs.length)} runs\n  A run is called ${suggestion}, for instance; * stands for any text, and --dry-run lists them all.`,
  });
};

const createTask = (
  folder: string,
  manifest: Omit<Manifest, 'format'>,
  run: ManifestRun,
  { priorities, resources }: Pick<BatchOptions, 'priorities' | 'resources'>,
): Task => {
  const { name, file, experiment, seed, hashes, axes = {}, resolved, plugins } = run;
  const { git, workingFolder, version, sources } = manifest;
  const own = join(folder, name);
  return {
    name,
    folder: own,
    priority: priorityOf(priorities, run) ?? run.priority,
    resources: mergeResources(resources, run.resources ?? noResources),
    prepare: async () => {
      if ((await recordOf(own)) !== null) return;
      const source = sources[file] ?? resolved;
      await prepareRun(own, { experiment, seed, file, resolved, hashes, axes, version, plugins, source, git, workingFolder });
    },
  };
};

/** The manifest to work with, and whether it is a new one. */
const decide = async (
  options: BatchOptions,
  folder: string,
  files: readonly string[],
  registry: Registry,
): Promise<{ readonly manifest: Omit<Manifest, 'format'>; readonly isNew: boolean; readonly notes: readonly string[] }> => {
  const { inputs, choice, changes } = options;
  const old = choice === 'restart' ? null : await readManifest(folder);
  if (old !== null && !isSameBatch(old, inputs)) throw new BatchError('other-batch', { folder, inputs: old.inputs, given: inputs });
  if (old !== null && choice !== 'needed')
    return { manifest: old, isNew: false, notes: await noteChanges(old, files, describeArguments(changes)) };
  const earlier = choice === 'restart' ? new Map<string, string>() : await runsBelow(folder);
  const { runs, notes } = await expandFiles(files, registry, changes, earlier);
  return { manifest: await freeze(options, runs), isNew: true, notes };
};

/**
 * Finds out what is to be done, and freezes it. Nothing is started.
 * @throws BatchError; ConfigError with the faults of all files; RunError (`run-locked`, `output-unwritable`, `disk-full`).
 */
export const openBatch = async (options: BatchOptions, registry: Registry): Promise<Batch> => {
  const { inputs, choice, only, dryRun } = options;
  const found = await findFiles(inputs).catch((error: unknown) => {
    if (error instanceof ConfigError) return error;
    throw error;
  });
  const files = found instanceof ConfigError ? [] : found;
  const folder = options.out ?? join('results/batches', nameBatch(inputs));
  // A batch that has begun goes on also where its files are gone.
  if (found instanceof ConfigError && (choice === 'needed' || choice === 'restart' || (await readManifest(folder)) === null)) throw found;
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
    const isMeant = chooseOnly(only, manifest.runs);
    if (isNew && !dryRun) await writeManifest(folder, manifest);
    const statuses = new Map<string, RunRecord['status'] | null>();
    const tasks: Task[] = [];
    for (const run of manifest.runs) {
      const record = choice === 'restart' ? null : await recordOf(join(folder, run.name));
      statuses.set(run.name, record?.status ?? null);
      if (isMeant(run) && isWanted(choice, record)) tasks.push(createTask(folder, manifest, run, options));
    }
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
