/** Runs, whose processes may be elsewhere, as their run.json tells of them. */
import type { RunRecord } from '../runner/output/record.js';
import { readRecord } from '../runner/resume.js';
import type { WorkerProgress } from './messages.js';

/** Null where there is none yet, or it cannot be read at this moment. */
export const recordOf = (folder: string): Promise<RunRecord | null> => readRecord(folder).catch(() => null);

/** Null before training. Only what its last checkpoint or epoch has left is known from here. */
export const progressOf = ({ epoch, step, total, metrics }: RunRecord): WorkerProgress | null => {
  if (total === null) return null;
  const [name, value] = Object.entries(metrics)[0] ?? [];
  const figure = name === undefined || value === undefined || value === null ? '' : `${name} ${value.toPrecision(4)}`;
  return { epoch, lastEpoch: total.epochs, step, totalSteps: total.steps, figure, secondsLeft: null, rss: 0 };
};
