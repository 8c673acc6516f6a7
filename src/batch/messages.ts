/** What a worker tells the process that has started it, several times a second while it trains. */
import type { HistoryRow } from '../registry/contracts/index.js';
import { isMap } from '../registry/values.js';
import type { Clock } from '../runner/output/clock.js';
import { epochOf, headline } from '../runner/output/console-texts.js';
import { Pace } from '../runner/output/pace.js';
import { silentProgress, type ProgressSink, type ProgressStart } from '../runner/output/progress.js';

export interface WorkerProgress {
  readonly epoch: number;
  readonly lastEpoch: number;
  readonly step: number;
  readonly totalSteps: number;
  /** The one figure to look at: `elbo -103.2`, `loss 0.6931`. */
  readonly figure: string;
  readonly secondsLeft: number | null;
  /** Bytes that the process has in memory. */
  readonly rss: number;
}

const intervalMs = 250;

/** Messages come from another process: what has not this form is no progress. */
export const isWorkerProgress = (message: unknown): message is WorkerProgress => {
  if (!isMap(message)) return false;
  const { epoch, lastEpoch, step, totalSteps, rss, figure, secondsLeft } = message;
  return (
    [epoch, lastEpoch, step, totalSteps, rss].every((value) => typeof value === 'number') &&
    typeof figure === 'string' &&
    (secondsLeft === null || typeof secondsLeft === 'number')
  );
};

/** Turns what happens in a run into messages: each is the whole state, so that none is missed. */
export const createProgressMessages = (clock: Clock, tell: (message: WorkerProgress) => void): ProgressSink => {
  let run: { readonly facts: ProgressStart; readonly pace: Pace } | null = null;
  let lastRow: HistoryRow | null = null;
  let latest = { step: 0, loss: NaN };
  let next = 0;
  const send = (): void => {
    const now = clock.elapsedMs();
    next = now + intervalMs;
    if (run === null) return;
    const { facts, pace } = run;
    const { step, loss } = latest;
    pace.update(step, now);
    tell({
      epoch: epochOf(facts, step),
      lastEpoch: facts.lastEpoch,
      step,
      totalSteps: facts.totalSteps,
      figure: headline(lastRow, loss),
      secondsLeft: pace.secondsLeft,
      rss: process.memoryUsage.rss(),
    });
  };
  return {
    ...silentProgress,
    start: (facts) => {
      run = { facts, pace: new Pace(facts.totalSteps, clock.elapsedMs(), facts.firstStep) };
      send();
    },
    step: (step, loss) => {
      latest = { step, loss };
      if (clock.elapsedMs() >= next) send();
    },
    epoch: (row) => {
      lastRow = row;
      latest = { ...latest, step: row['step'] ?? latest.step };
      send();
    },
    picture: send,
  };
};
