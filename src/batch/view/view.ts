/** How a batch is shown while it runs: a bar for each run on a terminal, plain lines elsewhere, a JSON object per event, or nothing. */
import { MultiBar, type SingleBar } from 'cli-progress';
import type { Clock } from '../../runner/output/clock.js';
import { widthOf, type TextStream } from '../../runner/output/console-bar.js';
import { timeLeft } from '../../runner/output/console-texts.js';
import type { ConsoleMode } from '../../runner/output/console.js';
import type { Watcher } from '../launcher.js';
import type { WorkerProgress } from '../messages.js';
import { againLine, endedLines, progressLine, startedLine, tallyLine, waitingLine, type Tally } from './texts.js';

export interface View extends Watcher {
  readonly note: (line: string) => void;
  /** Must be called however the batch ends: it takes the bars away. */
  readonly end: () => void;
}

export interface ViewOptions {
  readonly stream: TextStream;
  /** Whether somebody looks at `stream`. */
  readonly isTty: boolean | undefined;
  readonly clock: Clock;
  readonly mode: ConsoleMode;
  /** Runs of the batch, and those among them that were done or had failed before. */
  readonly total: number;
  readonly done: number;
  readonly failed: number;
}

export const createView = (options: ViewOptions): View => {
  switch (options.mode) {
    case 'text':
      return options.isTty === true ? createBarView(options) : createLineView(options);
    case 'quiet':
      return createQuietView(options);
    case 'json':
      return createJsonView(options);
  }
};

/** Keeps count, and remembers what each run said last. */
const createCounter = ({
  total,
  done,
  failed,
}: ViewOptions): Watcher & { readonly tally: () => Tally; readonly last: (name: string) => WorkerProgress | null } => {
  const running = new Map<string, WorkerProgress | null>();
  const counts = { done, failed };
  return {
    tally: () => ({ total, ...counts, running: running.size }),
    last: (name) => running.get(name) ?? null,
    waiting: () => undefined,
    started: ({ name }) => void running.set(name, null),
    progress: ({ name }, progress) => void running.set(name, progress),
    again: ({ name }) => void running.delete(name),
    ended: ({ name }, { status }) => {
      running.delete(name);
      if (status !== 'stopped') counts[status]++;
    },
  };
};

const lineMs = 10_000;

const createLineView = (options: ViewOptions): View => {
  const { stream, clock } = options;
  const counter = createCounter(options);
  const told = new Map<string, number>();
  const say = (...lines: readonly string[]): void => {
    stream.write(`${lines.join('\n')}\n`);
  };
  return {
    note: say,
    waiting: (task, reason) => {
      say(waitingLine(task, reason));
    },
    started: (task) => {
      counter.started(task);
      told.set(task.name, clock.elapsedMs());
      say(startedLine(task));
    },
    progress: (task, progress) => {
      counter.progress(task, progress);
      const now = clock.elapsedMs();
      if (now - (told.get(task.name) ?? 0) < lineMs) return;
      told.set(task.name, now);
      say(progressLine(task, progress));
    },
    again: (task, reason, inSeconds) => {
      counter.again(task, reason, inSeconds);
      say(againLine(task, reason, inSeconds));
    },
    ended: (task, verdict) => {
      const last = counter.last(task.name);
      counter.ended(task, verdict);
      const [first = '', ...rest] = endedLines(task, verdict, last);
      say(`${first}  (${tallyLine(counter.tally())})`, ...rest);
    },
    end: () => undefined,
  };
};

/** Failures only: they are not to be missed. */
const createQuietView = ({ stream }: ViewOptions): View => ({
  note: () => undefined,
  waiting: () => undefined,
  started: () => undefined,
  progress: () => undefined,
  again: () => undefined,
  ended: (task, verdict) => {
    if (verdict.status === 'failed') stream.write(`${endedLines(task, verdict, null).join('\n')}\n`);
  },
  end: () => undefined,
});

const createJsonView = ({ stream, clock }: ViewOptions): View => {
  const tell = (type: string, facts: object): void => {
    stream.write(`${JSON.stringify({ type, time: clock.now().toISOString(), ...facts })}\n`);
  };
  const told = new Map<string, number>();
  return {
    note: (text) => {
      tell('note', { text });
    },
    waiting: ({ name }, reason) => {
      tell('waiting', { run: name, reason });
    },
    started: ({ name, folder }) => {
      tell('started', { run: name, folder });
    },
    progress: ({ name }, progress) => {
      const now = clock.elapsedMs();
      if (now - (told.get(name) ?? -Infinity) < 1000) return;
      told.set(name, now);
      tell('progress', { run: name, ...progress });
    },
    again: ({ name }, reason, inSeconds) => {
      tell('again', { run: name, reason, inSeconds });
    },
    ended: ({ name, folder }, verdict) => {
      const facts = verdict.status === 'failed' ? { code: verdict.code, message: verdict.message } : {};
      tell('ended', { run: name, folder, status: verdict.status, ...facts });
    },
    end: () => undefined,
  };
};

const clearRest = '\u001b[0K';

/** A name and its bar share what the other texts leave of a line. */
const shareLine = (columns: number): { readonly nameWidth: number; readonly barSize: number } => {
  const spare = columns - ' [] epoch 100/100  elbo -1234.5  12:34:56 left'.length;
  const nameWidth = Math.min(32, Math.max(12, Math.floor(0.6 * spare)));
  return { nameWidth, barSize: Math.min(20, Math.max(4, spare - nameWidth)) };
};

const createBarView = (options: ViewOptions): View => {
  const { stream, total } = options;
  const counter = createCounter(options);
  const bars = new Map<string, SingleBar>();
  const { nameWidth, barSize } = shareLine(widthOf(stream));
  const all = new MultiBar({
    stream,
    format: '{name} [{bar}] {epoch}  {figure}  {left}',
    barsize: barSize,
    barCompleteChar: '=',
    barIncompleteChar: '-',
    clearOnComplete: true,
    hideCursor: true,
    linewrap: true,
    fps: 5,
    emptyOnZero: true,
    // Lines that are printed push the bars down, and a bar that has not changed would not be drawn again.
    forceRedraw: true,
    gracefulExit: false,
  });
  const width = (name: string): string => (name.length > nameWidth ? `${name.slice(0, nameWidth - 1)}~` : name).padEnd(nameWidth);
  const overall = all.create(total, options.done + options.failed, { name: width('batch'), epoch: '', figure: '', left: '' });
  const refresh = (): void => {
    const tally = counter.tally();
    overall.update(tally.done + tally.failed, { figure: tallyLine(tally) });
  };
  const take = (name: string): void => {
    const bar = bars.get(name);
    if (bar !== undefined) all.remove(bar);
    bars.delete(name);
  };
  const say = (lines: readonly string[]): void => {
    // cli-progress clears the first line alone: what a bar has left behind the others is cleared here.
    all.log(lines.map((line) => `${line}${clearRest}\n`).join(''));
    all.update();
  };
  return {
    note: (line) => {
      say([line]);
    },
    waiting: (task, reason) => {
      say([waitingLine(task, reason)]);
    },
    started: (task) => {
      counter.started(task);
      bars.set(task.name, all.create(1, 0, { name: width(task.name), epoch: 'starting', figure: '', left: '' }));
      refresh();
    },
    progress: (task, progress) => {
      counter.progress(task, progress);
      const { epoch, lastEpoch, step, totalSteps, figure, secondsLeft } = progress;
      const bar = bars.get(task.name);
      bar?.setTotal(totalSteps);
      bar?.update(step, { epoch: `epoch ${String(epoch)}/${String(lastEpoch)}`, figure, left: timeLeft(secondsLeft) });
    },
    again: (task, reason, inSeconds) => {
      counter.again(task, reason, inSeconds);
      take(task.name);
      refresh();
      say([againLine(task, reason, inSeconds)]);
    },
    ended: (task, verdict) => {
      const last = counter.last(task.name);
      counter.ended(task, verdict);
      take(task.name);
      refresh();
      if (verdict.status !== 'stopped') say(endedLines(task, verdict, last));
    },
    end: () => {
      all.stop();
    },
  };
};
