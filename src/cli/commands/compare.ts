/** `latentlab compare DIR...`: runs beside each other. */
import { existsSync } from 'node:fs';
import { compareRuns, type CompareOptions, type Format } from '../../report/compare.js';
import { ReportError } from '../../report/errors.js';
import { findRuns } from '../../report/runs.js';
import type { Io } from '../io.js';

export interface CompareCommandOptions {
  readonly metric: readonly string[];
  readonly by: readonly string[];
  readonly where: readonly string[];
  readonly sort?: string;
  readonly against?: string;
  readonly format: Format;
}

/** Exit code: 0, or 2 where what was asked for is not there. */
export const compareCommand = async (folders: readonly string[], options: CompareCommandOptions, io: Io): Promise<number> => {
  const { metric, by, where, sort = null, against = null, format } = options;
  const chosen: CompareOptions = { metrics: metric, by, where, sort, against, format };
  try {
    const missing = folders.find((folder) => !existsSync(folder));
    if (missing !== undefined)
      throw new ReportError(`there is no folder ${missing}\n  Give those of runs, of batches, or ones above them.`);
    const runs = (await Promise.all(folders.map((folder) => findRuns(folder)))).flat();
    io.out((await compareRuns(runs, chosen)).trimEnd());
    return 0;
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    io.err(`latentlab: ${error.message}`);
    return 2;
  }
};
