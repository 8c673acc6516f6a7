/**
 * The submissions of a batch: `slurm/1`, `slurm/2`, ... in its folder, each with the script, the runs of its array and, once Slurm has
 * taken it, the number of its job. A controller that was killed between the two finds its job again by its name, which no other has.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolders, writeWholeFile } from '../../runner/output/whole-file.js';
import { guardWrite } from '../../runner/output/write-errors.js';

export interface Submission {
  readonly folder: string;
  readonly number: number;
  /** Of its job. */
  readonly name: string;
  /** Names, by index in the array. */
  readonly runs: readonly string[];
  /** Null where it is not known whether Slurm has taken it. */
  readonly job: string | null;
  /** Given up: its tasks end at once, should they begin yet. */
  readonly isSuperseded: boolean;
}

const submissionsFolder = (batch: string): string => join(batch, 'slurm');

/** Unique to the batch, and to this attempt at it: a batch that is begun anew in the same folder has other jobs. */
export const jobName = (batch: string, created: string, what: number | 'summary'): string =>
  `latentlab-${createHash('sha256').update(`${batch}\n${created}`).digest('hex').slice(0, 12)}-${String(what)}`;

const readOrNull = (file: string): Promise<string | null> => readFile(file, 'utf8').catch(() => null);

export const readSubmissions = async (batch: string, created: string): Promise<readonly Submission[]> => {
  const names = await readdir(submissionsFolder(batch)).catch(() => []);
  const numbers = names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .toSorted((a, b) => a - b);
  return Promise.all(
    numbers.map(async (number) => {
      const folder = join(submissionsFolder(batch), String(number));
      const runs = (await readOrNull(join(folder, 'runs.txt'))) ?? '';
      const job = await readOrNull(join(folder, 'job.txt'));
      return {
        ...{ folder, number, name: jobName(batch, created, number), job: job?.trim() ?? null },
        runs: runs.split('\n').filter((run) => run !== ''),
        isSuperseded: (await readOrNull(join(folder, 'superseded'))) !== null,
      };
    }),
  );
};

/** Throws RunError where it cannot be written. */
export const writeSubmissionFile = async (folder: string, name: string, text: string): Promise<string> => {
  const file = join(folder, name);
  await guardWrite(file, async () => {
    await makeFolders(folder);
    await writeWholeFile(file, text);
  });
  return file;
};

/** The folder of the submission with this number. */
export const submissionFolder = (batch: string, number: number): string => join(submissionsFolder(batch), String(number));
