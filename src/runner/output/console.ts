/**
 * What a run prints: a bar on a terminal, plain lines elsewhere, only the last words when quiet, or a JSON object per event. A step costs a
 * look at the clock unless something is due. `end` must be called however a run ends: it takes the bar away.
 */
import type { Clock } from './clock.js';
import { createBarProgress, type TextStream } from './console-bar.js';
import { endLines, epochLine, epochOf, startLines, stepLine } from './console-texts.js';
import { Pace } from './pace.js';
import { silentProgress, type ProgressSink, type ProgressStart } from './progress.js';

export type ConsoleMode = 'text' | 'quiet' | 'json';

export interface ConsoleOptions {
  readonly stream: TextStream;
  /** Whether somebody looks at `stream`. */
  readonly isTty: boolean | undefined;
  readonly clock: Clock;
  readonly mode: ConsoleMode;
}

const lineMs = 10_000;
const jsonStepMs = 1000;

export const createConsoleProgress = ({ stream, isTty = false, clock, mode }: ConsoleOptions): ProgressSink => {
  switch (mode) {
    case 'text':
      return isTty ? createBarProgress(stream, clock) : createLineProgress(stream, clock);
    case 'quiet':
      return createQuietProgress(stream);
    case 'json':
      return createJsonProgress(stream, clock);
  }
};

const writeLines = (stream: TextStream, lines: readonly string[]): void => {
  stream.write(`${lines.join('\n')}\n`);
};

interface StepTeller extends Pick<ProgressSink, 'start' | 'step'> {
  /** Something else has just been told: the next step is due an interval from now. */
  postpone(): void;
}

/** Calls `tell` every `intervalMs`, when a step is over by then. */
const createStepTeller = (
  clock: Clock,
  intervalMs: number,
  tell: (facts: ProgressStart, step: number, loss: number, pace: Pace) => void,
): StepTeller => {
  let run: { readonly facts: ProgressStart; readonly pace: Pace } | null = null;
  let next = Infinity;
  return {
    start: (facts) => {
      const now = clock.elapsedMs();
      run = { facts, pace: new Pace(facts.totalSteps, now, facts.firstStep) };
      next = now + intervalMs;
    },
    step: (step, loss) => {
      const now = clock.elapsedMs();
      if (now < next || run === null) return;
      next = now + intervalMs;
      run.pace.update(step, now);
      tell(run.facts, step, loss, run.pace);
    },
    postpone: () => {
      next = clock.elapsedMs() + intervalMs;
    },
  };
};

const createLineProgress = (stream: TextStream, clock: Clock): ProgressSink => {
  const say = (...lines: readonly string[]): void => {
    writeLines(stream, lines);
  };
  const teller = createStepTeller(clock, lineMs, (facts, step, loss, pace) => {
    say(stepLine(facts, step, loss, pace));
  });
  let started: ProgressStart | null = null;
  return {
    note: say,
    start: (facts) => {
      started = facts;
      say(...startLines(facts));
      teller.start(facts);
    },
    step: teller.step,
    epoch: (row) => {
      if (started !== null) say(epochLine(started, row));
      teller.postpone();
    },
    picture: ({ file, caption }) => {
      say(`${file}  ${caption}`.trimEnd());
    },
    end: (record, folder) => {
      say(...endLines(record, folder));
    },
  };
};

const createQuietProgress = (stream: TextStream): ProgressSink => ({
  ...silentProgress,
  end: (record, folder) => {
    writeLines(stream, endLines(record, folder));
  },
});

const createJsonProgress = (stream: TextStream, clock: Clock): ProgressSink => {
  const tell = (type: string, facts: object): void => {
    writeLines(stream, [JSON.stringify({ type, time: clock.now().toISOString(), ...facts })]);
  };
  const teller = createStepTeller(clock, jsonStepMs, (facts, step, loss, { stepsPerSecond, secondsLeft }) => {
    tell('step', { epoch: epochOf(facts, step), step, loss, stepsPerSecond, secondsLeft });
  });
  return {
    note: (text) => {
      tell('note', { text });
    },
    start: (facts) => {
      tell('started', facts);
      teller.start(facts);
    },
    step: teller.step,
    epoch: (row) => {
      tell('epoch', { row });
    },
    picture: (picture) => {
      tell('picture', picture);
    },
    end: ({ status, seconds, epoch, step, metrics, pictures, weights, error }, folder) => {
      tell('end', { status, folder, seconds, epoch, step, metrics, pictures, weights, error });
    },
  };
};
