/** `latentlab evaluate`: figures of checkpoints, afterwards, or of a folder of images against another. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SplitName } from '../../registry/contracts/index.js';
import { ConfigError } from '../../registry/errors.js';
import { findMixture } from '../../report/comparable.js';
import { findRuns } from '../../report/runs.js';
import { toCsv, toText, type Table } from '../../report/tables.js';
import { RunError } from '../../runner/errors.js';
import { evaluateFolders } from '../../runner/evaluate/folders.js';
import { evaluateRun, type CheckpointChoice, type EvaluatedRun } from '../../runner/evaluate/run.js';
import { systemClock } from '../../runner/output/clock.js';
import { createConsoleProgress } from '../../runner/output/console.js';
import type { ProgressSink } from '../../runner/output/progress.js';
import { makeFolders, writeWholeFile } from '../../runner/output/whole-file.js';
import { guardWrite } from '../../runner/output/write-errors.js';
import { createRegistry } from '../../runner/registry.js';
import { isUserError } from '../../runner/user-errors.js';
import type { Io } from '../io.js';

export interface EvaluateCommandOptions {
  readonly metric: readonly string[];
  readonly checkpoint: CheckpointChoice;
  readonly split: SplitName;
  readonly classifier?: string;
  readonly sampler?: string;
  readonly real?: string;
  readonly generated?: string;
  readonly size?: number;
  readonly out?: string;
  readonly json: boolean;
}

/** What another process is at work on may be tried again; as of `resume`. */
const tryAgain = 75;

const tell = (error: unknown, io: Io): number => {
  if (!isUserError(error)) throw error;
  // What was asked for is an override of the experiment's: the whole list of metrics says less than where they came from.
  io.err(
    error instanceof ConfigError
      ? error.message
          .replaceAll(/^--set metrics=.*(?= {2}metrics)/gm, '--metric')
          .replaceAll(/^--set (sampler)=(.*)(?= {2}sampler)/gm, '--$1 $2')
      : `latentlab: ${error.message}`,
  );
  if (error instanceof RunError && error.code === 'run-locked') return tryAgain;
  return error instanceof ConfigError ? 2 : 1;
};

const runTable = (runs: readonly EvaluatedRun[]): Table => ({
  columns: ['run', 'step', 'epoch', 'figure', 'value', 'unit'],
  rows: runs.flatMap(({ record, evaluations }) =>
    evaluations.map(({ step, epoch, split, figure, value, unit }) => [record.run, step, epoch, `${split}.${figure}`, value, unit]),
  ),
});

/** Why figures of one column, of different runs, are not to be held against each other. */
const mixtures = async (runs: readonly EvaluatedRun[]): Promise<readonly string[]> => {
  const reported = (await Promise.all(runs.map(({ folder }) => findRuns(folder)))).flat();
  const figures = new Set(runs.flatMap(({ evaluations }) => evaluations.map(({ split, figure }) => `${split}.${figure}`)));
  return [...figures].flatMap((figure) => findMixture(reported, figure) ?? []);
};

const evaluateRuns = async (
  folders: readonly string[],
  options: EvaluateCommandOptions,
  progress: ProgressSink,
  io: Io,
): Promise<number> => {
  const missing = folders.find((folder) => !existsSync(folder));
  if (missing !== undefined) {
    io.err(`latentlab: there is no folder ${missing}\n  Give those of runs, of batches, or ones above them.`);
    return 2;
  }
  const found = (await Promise.all(folders.map((folder) => findRuns(folder)))).flat().filter(({ status }) => status !== 'queued');
  if (found.length === 0) {
    io.err(`latentlab: there are no runs in ${folders.join(', ')}`);
    return 2;
  }
  const { metric: metrics, checkpoint, split, classifier = null, sampler = null, json } = options;
  const registry = createRegistry();
  const done: EvaluatedRun[] = [];
  let code = 0;
  for (const { folder } of found) {
    try {
      done.push(await evaluateRun(folder, { registry, metrics, checkpoint, split, classifier, sampler, progress }));
    } catch (error) {
      // One run that cannot be measured keeps no other from it.
      code = Math.max(code, tell(error, io));
    }
  }
  if (json) {
    io.out(
      JSON.stringify(
        done.map(({ folder, evaluations, numMeasured }) => ({ folder, numMeasured, evaluations })),
        null,
        2,
      ),
    );
    return code;
  }
  if (done.length === 0) return code;
  const numNew = done.reduce((sum, { numMeasured }) => sum + numMeasured, 0);
  const numOld = done.reduce((sum, { evaluations }) => sum + evaluations.length, 0) - numNew;
  for (const line of toText(runTable(done))) io.out(line);
  io.out('');
  io.out(`${String(numNew)} measured now, ${String(numOld)} known from before; in eval.csv and run.json of each run`);
  for (const note of await mixtures(done)) io.out(note);
  return code;
};

const evaluateImages = async (
  real: string,
  generated: string,
  options: EvaluateCommandOptions,
  progress: ProgressSink,
  io: Io,
): Promise<number> => {
  const { metric, classifier = null, size = null, out, json } = options;
  const metrics = metric.length === 0 ? ['frechet-distance', 'density-coverage'] : metric;
  const { figures, provenance, measured, count } = await evaluateFolders({
    ...{ registry: createRegistry(), real, generated, size, metrics, classifier, progress },
  });
  const table: Table = { columns: ['figure', 'value', 'unit'], rows: figures.map(({ figure, value, unit }) => [figure, value, unit]) };
  if (out !== undefined) {
    const text = `${JSON.stringify({ real, generated, count, figures, provenance, measured }, null, 2)}\n`;
    await guardWrite(out, async () => {
      await makeFolders(out);
      await writeWholeFile(join(out, 'eval.csv'), toCsv(table));
      await writeWholeFile(join(out, 'eval.json'), text);
    });
  }
  if (json) io.out(JSON.stringify({ real, generated, count, figures, provenance, measured }, null, 2));
  else {
    for (const line of toText(table)) io.out(line);
    io.out('');
    io.out(`${String(count)} images of each folder`);
  }
  return 0;
};

/** Exit code: 0, 1 where something could not be measured, 2 where the arguments are wrong, 75 where a process is at work on a run. */
export const evaluateCommand = async (folders: readonly string[], options: EvaluateCommandOptions, io: Io): Promise<number> => {
  const { real, generated } = options;
  const isOfImages = real !== undefined || generated !== undefined;
  if (isOfImages === folders.length > 0 || (isOfImages && (real === undefined || generated === undefined))) {
    io.err('latentlab: give folders of runs, or two folders of images with --real and --generated');
    return 2;
  }
  if (isOfImages && options.sampler !== undefined) {
    io.err('latentlab: --sampler is for runs, and folders of images are no model to draw from');
    return 2;
  }
  const stream = process.stderr;
  const progress = createConsoleProgress({ stream, isTty: stream.isTTY, clock: systemClock, mode: options.json ? 'quiet' : 'text' });
  try {
    if (real !== undefined && generated !== undefined) return await evaluateImages(real, generated, options, progress, io);
    return await evaluateRuns(folders, options, progress, io);
  } catch (error) {
    return tell(error, io);
  }
};
