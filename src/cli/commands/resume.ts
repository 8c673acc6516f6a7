/** `latentlab resume RUN`: goes on with a run that was ended before its time. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createContainer, partsOf } from '../../runner/assemble/container.js';
import { loadExperiment } from '../../runner/config/load.js';
import { acquireLock, type RunLock } from '../../runner/output/lock.js';
import type { ProgressSink } from '../../runner/output/progress.js';
import { amendRecord } from '../../runner/prepare.js';
import { createRegistry } from '../../runner/registry.js';
import { describeChanges, describeEdits, findResumePoint, readRecord, sweepRun } from '../../runner/resume.js';
import { describeError, runExperiment, type RunResult } from '../../runner/run.js';
import type { Io } from '../io.js';
import { runSession, type SessionOptions } from '../session.js';

/** Null where the run has got to its end already. */
export const goOn = async (run: string, progress: ProgressSink, signal: AbortSignal): Promise<RunResult | null> => {
  const folder = resolve(run);
  // A folder that is no run is left as it is: no lock is made there.
  await readRecord(folder);
  // Before the rest is read: another process may have brought it further.
  const lock = await acquireLock(join(folder, 'run.lock'));
  try {
    return await goOnLocked(run, folder, lock, progress, signal);
  } catch (error) {
    await amendRecord(folder, ({ status, pid }) =>
      status === 'failed' && pid === process.pid ? {} : { status: 'failed', pid: process.pid, error: describeError(error) },
    ).catch(() => undefined);
    throw error;
  } finally {
    await lock.release();
  }
};

const goOnLocked = async (
  run: string,
  folder: string,
  lock: RunLock,
  progress: ProgressSink,
  signal: AbortSignal,
): Promise<RunResult | null> => {
  const point = await findResumePoint(folder);
  const { record, checkpoint, notes } = point;
  if (record.status === 'done') {
    progress.note(`${run} is done: there is nothing to go on with`);
    return null;
  }
  // Relative paths of the experiment, of its data for instance, begin where the run was started.
  if (existsSync(record.workingFolder)) process.chdir(record.workingFolder);
  const experiment = await loadExperiment(join(folder, 'resolved.yaml'), {
    registry: createRegistry(),
    // The resolved experiment lies in the run's folder, its plug-ins beside the file that it was made of.
    pluginFolder: dirname(resolve(record.config.file)),
  });
  for (const note of [...notes, ...describeChanges(record), ...describeEdits(record, experiment)]) progress.note(note);
  const why = notes.length > 0 ? 'none of its checkpoints can be used' : 'it had no checkpoint yet';
  if (checkpoint !== null) progress.note(`going on with ${run} behind step ${String(checkpoint.step)}`);
  else if (record.status !== 'queued') progress.note(`going on with ${run} from the beginning: ${why}`);
  await sweepRun(point);
  const results = dirname(dirname(folder));
  return runExperiment(partsOf(createContainer({ experiment, results, progress, resumed: point, lock })), signal);
};

/** Exit code: as of a session. */
export const resumeCommand = (run: string, options: SessionOptions, io: Io): Promise<number> =>
  runSession(options, io, (progress, signal) => goOn(run, progress, signal));
