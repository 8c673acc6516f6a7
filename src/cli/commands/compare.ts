/** `latentlab compare DIR...`: runs beside each other. */
import { existsSync } from 'node:fs';
import { suggest } from '../../registry/suggest.js';
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
  readonly picture?: string;
  readonly x?: string;
  readonly format: Format;
}

/** The picture's file and path, or null where none is wanted. Throws ReportError. */
const chosenPicture = ({ picture, x }: CompareCommandOptions): { readonly file: string; readonly path: string } | null => {
  if (picture === undefined && x === undefined) return null;
  if (picture === undefined) throw new ReportError('--x says what a picture stands against\n  Name its file: --picture sweep.png.');
  if (x === undefined)
    throw new ReportError('--picture needs a value to draw the figures against\n  Name it by its path: --x model.latent.');
  if (!/\.(png|svg)$/i.test(picture)) throw new ReportError(`--picture ${picture} is no .png and no .svg\n  Name such a file.`);
  return { file: picture, path: x };
};

/** Exit code: 0, or 2 where what was asked for is not there, or the picture cannot be written. */
export const compareCommand = async (folders: readonly string[], options: CompareCommandOptions, io: Io): Promise<number> => {
  const { metric, by, where, sort = null, against = null, format } = options;
  const chosen: CompareOptions = { metrics: metric, by, where, sort, against, format, suggest };
  try {
    const picture = chosenPicture(options);
    const missing = folders.find((folder) => !existsSync(folder));
    if (missing !== undefined)
      throw new ReportError(`there is no folder ${missing}\n  Give those of runs, of batches, or ones above them.`);
    const runs = (await Promise.all(folders.map((folder) => findRuns(folder)))).flat();
    const text = await compareRuns(runs, chosen);
    if (picture !== null) {
      const { drawRuns } = await import('./compare-picture.js');
      await drawRuns(runs, { metrics: metric, by, where, against: picture.path, suggest }, picture.file);
      // Not among the tables, which another program may read.
      io.err(`picture  ${picture.file}`);
    }
    io.out(text.trimEnd());
    return 0;
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    io.err(`latentlab: ${error.message}`);
    return 2;
  }
};
