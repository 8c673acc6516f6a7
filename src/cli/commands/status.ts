/** `latentlab status [DIR]`: how far the runs of a folder are. */
import { existsSync } from 'node:fs';
import { findRuns } from '../../report/runs.js';
import { statusLines } from '../../report/status.js';
import type { Io } from '../io.js';

export interface StatusOptions {
  readonly all: boolean;
  readonly json: boolean;
}

/** Exit code: 0, or 2 where there is no such folder. */
export const statusCommand = async (folder: string, { all, json }: StatusOptions, io: Io): Promise<number> => {
  if (!existsSync(folder)) {
    io.err(`latentlab: there is no folder ${folder}\n  Give that of a run, of a batch, or one above them.`);
    return 2;
  }
  const runs = await findRuns(folder);
  if (json) io.out(JSON.stringify(runs, null, 2));
  else for (const line of statusLines(runs, Date.now(), all)) io.out(line);
  return 0;
};
