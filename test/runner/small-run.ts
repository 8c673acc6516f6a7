/** Runs of a VAE so small that one takes half a second, and what they leave. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Container } from 'inversify';
import { partsOf } from '../../src/runner/assemble/container.js';
import type { LoadedExperiment } from '../../src/runner/config/load.js';
import { silentProgress, type ProgressSink } from '../../src/runner/output/progress.js';
import type { RunRecord } from '../../src/runner/output/record.js';
import { runExperiment, type RunResult } from '../../src/runner/run.js';
import { createSmokeContainer, loadSmoke } from '../support/smoke.js';
import { filesBelow, temporaryFolder } from './output/support.js';

export interface RunSetting {
  readonly experiment: LoadedExperiment;
  readonly folder: string;
  readonly progress?: ProgressSink;
  readonly change?: (container: Container) => void;
  readonly signal?: AbortSignal;
}

export const startRun = ({ experiment, folder, progress = silentProgress, change, signal }: RunSetting): Promise<RunResult> => {
  const container = createSmokeContainer(experiment, folder, progress);
  change?.(container);
  return runExperiment(partsOf(container), signal);
};

export const loadSmall = (folder: string, ...overrides: readonly string[]): Promise<LoadedExperiment> =>
  loadSmoke('vae-grey', folder, overrides);
/** A run of it with these overrides, from start to end. */
export const runWith = async (...overrides: readonly string[]): Promise<RunResult> => {
  const folder = temporaryFolder();
  return startRun({ experiment: await loadSmall(folder, ...overrides), folder });
};

/** The text of a file in a run's folder. */
export const textOf = (folder: string, file: string): Promise<string> => readFile(join(folder, file), 'utf8');
/** The cells of metrics.csv by column. */
export const columnsOf = async (folder: string): Promise<ReadonlyMap<string, readonly string[]>> => {
  const [header = [], ...rows] = (await textOf(folder, 'metrics.csv'))
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  return new Map(header.map((column, i) => [column, rows.map((row) => row[i] ?? '')]));
};
/** The types of a run's events, in their order. */
export const eventsOf = async (folder: string): Promise<readonly unknown[]> =>
  (await textOf(folder, 'events.jsonl'))
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly type: unknown }).type);
/** The folder of the only run below a results folder, and its record: also after a failure. */
export const onlyRun = async (folder: string): Promise<{ readonly folder: string; readonly record: RunRecord }> => {
  const [file, ...others] = filesBelow(join(folder, 'results')).filter((each) => each.endsWith('run.json'));
  if (file === undefined || others.length > 0) throw new Error('there is not exactly one run');
  const record = JSON.parse(await textOf(join(folder, 'results'), file)) as RunRecord;
  return { folder: join(folder, 'results', file, '..'), record };
};
