/**
 * `latentlab worker --run DIR`: trains the run of a prepared folder, from its beginning or from its newest checkpoint. Every launcher
 * starts this, wherever it does so; what the worker knows of the others is nothing.
 */
import { createProgressMessages } from '../../batch/messages.js';
import { systemClock } from '../../runner/output/clock.js';
import type { ProgressSink } from '../../runner/output/progress.js';
import type { Io } from '../io.js';
import { watchParent } from '../parent.js';
import { runSession } from '../session.js';
import { goOn } from './resume.js';

const both = (a: ProgressSink, b: ProgressSink): ProgressSink => ({
  note: (line) => {
    a.note(line);
    b.note(line);
  },
  start: (facts) => {
    a.start(facts);
    b.start(facts);
  },
  step: (step, loss) => {
    a.step(step, loss);
    b.step(step, loss);
  },
  epoch: (row) => {
    a.epoch(row);
    b.epoch(row);
  },
  picture: (picture) => {
    a.picture(picture);
    b.picture(picture);
  },
  end: (record, folder) => {
    a.end(record, folder);
    b.end(record, folder);
  },
});

export interface WorkerOptions {
  readonly run?: string;
  readonly summary?: string;
  readonly queue?: string;
  readonly queueCa?: string;
  readonly queueCert?: string;
  readonly queueKey?: string;
  readonly root?: string;
  readonly jobs?: number;
  readonly lease: number;
}

const usageError = 2;

/** Exit code: as of a session; of a worker of a queue 0 when it was asked to end, 75 when the disk is full, 1 where there is no queue. */
export const workerCommand = async (options: WorkerOptions, io: Io): Promise<number> => {
  const { run, summary, root, queue } = options;
  const given = [run, summary, root ?? queue].filter((each) => each !== undefined);
  if (given.length !== 1 || (queue !== undefined && root === undefined)) {
    io.err('latentlab: a worker is given one of --run FOLDER, --summary FOLDER, and --queue URL with --root FOLDER');
    return usageError;
  }
  if (run !== undefined) return train(run, io);
  if (root !== undefined) {
    const { serveQueue } = await import('./queue.js');
    return serveQueue({ ...options, root }, io);
  }
  if (summary !== undefined) {
    const { summarize } = await import('./summary.js');
    for (const line of (await summarize(summary, [])).lines) io.out(line);
  }
  return 0;
};

const train = async (folder: string, io: Io): Promise<number> => {
  // As a scheduler would ask it to end: with a checkpoint. Before training has begun there is nothing to save, and it ends at once.
  const parent = watchParent(() => {
    process.kill(process.pid, 'SIGTERM');
  });
  try {
    return await runSession({ quiet: false, json: false }, io, (progress, signal) =>
      goOn(folder, parent === null ? progress : both(progress, createProgressMessages(systemClock, parent.tell)), signal),
    );
  } finally {
    parent?.stop();
  }
};
