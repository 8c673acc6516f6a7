/** A run's folder before its process: all that `latentlab worker` needs to begin. And the word of whoever has seen that process die. */
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { systemClock } from './output/clock.js';
import { queuedRecord, type RecordStart, type RunRecord } from './output/record.js';
import { openRunDirectory } from './output/run-directory.js';
import { readRecord } from './resume.js';

export interface PreparedRun extends RecordStart, Pick<RunRecord, 'git' | 'workingFolder'> {
  /** The experiment's file as written. */
  readonly source: string;
}

/** Makes `folder`, or completes it where an earlier attempt was cut off: run.json comes last. Throws RunError. */
export const prepareRun = async (folder: string, run: PreparedRun): Promise<void> => {
  const { source, git, workingFolder, ...start } = run;
  const directory = openRunDirectory(folder, basename(folder));
  await directory.write('experiment.yaml', source);
  await directory.write('resolved.yaml', start.resolved);
  const record: RunRecord = { ...queuedRecord(directory.id, systemClock, start), git, workingFolder };
  await directory.write('run.json', `${JSON.stringify(record, null, 2)}\n`);
};

/** Changes the record of a run that no process is at work on. Throws RunError. */
export const amendRecord = async (folder: string, change: (record: RunRecord) => Partial<RunRecord>): Promise<RunRecord> => {
  const old = await readRecord(folder);
  const record = { ...old, ...change(old) };
  await openRunDirectory(folder, basename(folder)).write('run.json', `${JSON.stringify(record, null, 2)}\n`);
  // What a process that was killed had reserved for its last words.
  await rm(join(folder, '.run.json.spare'), { force: true });
  return record;
};
