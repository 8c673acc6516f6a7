/** What a batch ends with: summary.csv, and the tables that are printed. */
import { join } from 'node:path';
import { shellWord } from '../../registry/shell-word.js';
import { ReportError } from '../../report/errors.js';
import { findRuns } from '../../report/runs.js';
import { summarizeRuns, type Summary } from '../../report/summary.js';
import { writeWholeFile } from '../../runner/output/whole-file.js';
import { guardWrite } from '../../runner/output/write-errors.js';

/** Throws RunError where summary.csv cannot be written. */
export const summarize = async (folder: string, metrics: readonly string[]): Promise<Summary> => {
  const runs = await findRuns(folder);
  let summary: Summary;
  let notes: readonly string[] = [];
  try {
    summary = await summarizeRuns(runs, metrics, shellWord);
  } catch (error) {
    // A figure that no run has, all of them having failed for instance, hides nothing of what is there.
    if (!(error instanceof ReportError)) throw error;
    notes = ['', error.message];
    summary = await summarizeRuns(runs, [], shellWord);
  }
  const file = join(folder, 'summary.csv');
  await guardWrite(file, () => writeWholeFile(file, summary.csv));
  return { ...summary, lines: [...summary.lines, ...notes, '', `all figures: ${file}`] };
};
