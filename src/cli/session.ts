/** What `run` and `resume` have in common: a display, signals that end training between two steps, and what the exit code says. */
import { ConfigError } from '../registry/errors.js';
import { shellWord } from '../registry/shell-word.js';
import { RunError } from '../runner/errors.js';
import { systemClock } from '../runner/output/clock.js';
import { createConsoleProgress } from '../runner/output/console.js';
import type { ProgressSink } from '../runner/output/progress.js';
import type { RunResult } from '../runner/run.js';
import { isUserError } from '../runner/user-errors.js';
import type { Io } from './io.js';
import { interruptedByUser, listenForSignals } from './signals.js';

export interface SessionOptions {
  readonly quiet: boolean;
  readonly json: boolean;
}

/** What is left may be gone on with: EX_TEMPFAIL of sysexits.h, which schedulers take for "try me again". */
const tryAgain = 75;

/** Exit code: 0 done, 1 failed, 2 the config is wrong, 75 ended before its time by SIGTERM or `training.maxMinutes`, or busy elsewhere, 130 by Ctrl-C. */
export const runSession = async (
  { quiet, json }: SessionOptions,
  io: Io,
  start: (progress: ProgressSink, signal: AbortSignal) => Promise<RunResult | null>,
): Promise<number> => {
  const mode = json ? 'json' : quiet ? 'quiet' : 'text';
  const progress = createConsoleProgress({ stream: process.stdout, isTty: process.stdout.isTTY, clock: systemClock, mode });
  const signals = listenForSignals((name) => {
    progress.note(
      name === 'SIGINT'
        ? 'finishing the step in progress; press Ctrl-C again to stop at once'
        : 'asked to end: finishing the step in progress, and leaving a checkpoint',
    );
  });
  try {
    const result = await start(progress, signals.signal);
    if (result?.record.status !== 'interrupted') return 0;
    if (!quiet && !json) io.out(`  go on with: latentlab resume ${shellWord(result.folder)}`);
    return signals.isUser() ? interruptedByUser : tryAgain;
  } catch (error) {
    return report(error, io, json);
  } finally {
    signals.stop();
  }
};

const report = (error: unknown, io: Io, json: boolean): number => {
  if (!isUserError(error)) throw error;
  if (json) io.out(JSON.stringify({ type: 'failed', code: 'code' in error ? error.code : error.name, message: error.message }));
  else io.err(error instanceof ConfigError ? error.message : `latentlab: ${error.message}`);
  if (error instanceof RunError && error.code === 'run-locked') return tryAgain;
  return error instanceof ConfigError ? 2 : 1;
};
