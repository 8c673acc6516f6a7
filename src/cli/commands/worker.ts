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

/** Exit code: as of a session. */
export const workerCommand = async (folder: string, io: Io): Promise<number> => {
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
