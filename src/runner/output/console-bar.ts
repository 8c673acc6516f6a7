/** Progress on a terminal: one bar that stays below everything else that is printed. */
import { SingleBar } from 'cli-progress';
import type { HistoryRow } from '../../registry/contracts/index.js';
import type { Clock } from './clock.js';
import { endLines, epochOf, formatDuration, formatRate, headline, startLines } from './console-texts.js';
import { Pace } from './pace.js';
import type { ProgressSink, ProgressStart } from './progress.js';

export type TextStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

const redrawMs = 100;
const usualWidth = 80;
/** What the other parts of the line need, the longest of them. */
const textWidth = 66;

/** cli-progress redraws by a timer; it alone must not keep the process of a run that has failed alive. */
class Bar extends SingleBar {
  declare protected readonly timer: NodeJS.Timeout | null;

  override render(): void {
    super.render();
    this.timer?.unref();
  }
}

const createBar = (stream: TextStream): Bar =>
  new Bar({
    stream,
    format: 'epoch {epoch} [{bar}] {value}/{total}  {rate}  {figure}  {left} left',
    barsize: Math.min(40, Math.max(8, (stream.columns ?? usualWidth) - textWidth)),
    barCompleteChar: '=',
    barIncompleteChar: '-',
    clearOnComplete: true,
    // Cut at the terminal's width by cli-progress, rather than by a terminal setting that a crash would leave behind.
    linewrap: true,
  });

export const createBarProgress = (stream: TextStream, clock: Clock): ProgressSink => {
  const bar = createBar(stream);
  let facts: ProgressStart | null = null;
  let pace = new Pace(0, 0);
  let drawn = false;
  let nextRedraw = Infinity;
  let step = 0;
  let loss = NaN;
  let lastRow: HistoryRow | null = null;

  const payload = (): object => ({
    epoch: facts === null ? '' : `${String(epochOf(facts, step))}/${String(facts.lastEpoch)}`,
    rate: formatRate(pace.stepsPerSecond),
    figure: headline(lastRow, loss),
    left: formatDuration(pace.secondsLeft),
  });
  const draw = (): void => {
    if (facts === null) return;
    if (!drawn) bar.start(facts.totalSteps, step, payload());
    else {
      bar.update(step, payload());
      bar.render();
    }
    drawn = true;
  };
  const erase = (): void => {
    if (drawn) bar.stop();
    drawn = false;
  };
  /** The bar is taken away and drawn anew: cli-progress returns to where its bar began, so nothing may scroll while it stands. */
  const print = (lines: readonly string[]): void => {
    erase();
    for (const line of lines) stream.write(`${line}\n`);
    draw();
  };

  return {
    note: (line) => {
      print([line]);
    },
    start: (started) => {
      print(startLines(started));
      facts = started;
      pace = new Pace(started.totalSteps, clock.elapsedMs());
      nextRedraw = 0;
      draw();
    },
    step: (finished, value) => {
      const now = clock.elapsedMs();
      if (now < nextRedraw) return;
      nextRedraw = now + redrawMs;
      step = finished;
      loss = value;
      pace.update(step, now);
      draw();
    },
    epoch: (row) => {
      lastRow = row;
      draw();
    },
    picture: ({ file, caption }) => {
      print([`${file}  ${caption}`.trimEnd()]);
    },
    end: (record, folder) => {
      erase();
      facts = null;
      print(endLines(record, folder));
    },
  };
};
