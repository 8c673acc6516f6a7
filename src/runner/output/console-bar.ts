/** Progress on a terminal: one bar that stays below everything else that is printed. */
import { SingleBar } from 'cli-progress';
import type { HistoryRow } from '../../registry/contracts/index.js';
import type { Clock } from './clock.js';
import { endLines, epochOf, formatRate, headline, startLines, timeLeft } from './console-texts.js';
import { Pace } from './pace.js';
import type { ProgressSink, ProgressStart } from './progress.js';

export type TextStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

const redrawMs = 100;
const usualWidth = 80;

/** cli-progress redraws by a timer; it alone must not keep the process of a run that has failed alive. */
class Bar extends SingleBar {
  declare protected readonly timer: NodeJS.Timeout | null;

  override render(): void {
    super.render();
    this.timer?.unref();
  }
}

/** The bar's share of the line: what the texts leave of it, which grow with the run. */
const barWidth = (columns: number, { lastEpoch, totalSteps }: ProgressStart): number => {
  const numbers = 2 * (String(lastEpoch).length + String(totalSteps).length + 1);
  const others = 'epoch  [] '.length + '  1234 steps/s'.length + '  elbo -1234.5'.length + '  12:34:56 left'.length;
  return Math.min(40, Math.max(5, columns - others - numbers));
};

/** Some terminals do not know their width, and say 0. */
export const widthOf = ({ columns = 0 }: TextStream): number => (columns > 0 ? columns : usualWidth);

const createBar = (stream: TextStream, facts: ProgressStart): Bar =>
  new Bar({
    stream,
    format: 'epoch {epoch} [{bar}] {value}/{total}  {rate}  {figure}  {left}',
    barsize: barWidth(widthOf(stream), facts),
    barCompleteChar: '=',
    barIncompleteChar: '-',
    clearOnComplete: true,
    // Cut at the terminal's width by cli-progress, rather than by a terminal setting that a crash would leave behind.
    linewrap: true,
  });

export const createBarProgress = (stream: TextStream, clock: Clock): ProgressSink => {
  let run: { readonly facts: ProgressStart; readonly bar: Bar; readonly pace: Pace } | null = null;
  let drawn = false;
  let nextRedraw = Infinity;
  let step = 0;
  let loss = NaN;
  let lastRow: HistoryRow | null = null;

  const draw = (): void => {
    if (run === null) return;
    const { facts, bar, pace } = run;
    const texts = {
      epoch: `${String(epochOf(facts, step))}/${String(facts.lastEpoch)}`,
      rate: formatRate(pace.stepsPerSecond),
      figure: headline(lastRow, loss),
      left: timeLeft(pace.secondsLeft),
    };
    if (!drawn) bar.start(facts.totalSteps, step, texts);
    else {
      bar.update(step, texts);
      bar.render();
    }
    drawn = true;
  };
  const erase = (): void => {
    if (drawn) run?.bar.stop();
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
      run = { facts: started, bar: createBar(stream, started), pace: new Pace(started.totalSteps, clock.elapsedMs(), started.firstStep) };
      nextRedraw = 0;
      draw();
    },
    step: (finished, value) => {
      const now = clock.elapsedMs();
      if (now < nextRedraw || run === null) return;
      nextRedraw = now + redrawMs;
      step = finished;
      loss = value;
      run.pace.update(step, now);
      draw();
    },
    epoch: (row) => {
      lastRow = row;
      step = row['step'] ?? step;
      draw();
    },
    picture: ({ file, caption }) => {
      print([`${file}  ${caption}`.trimEnd()]);
    },
    end: (record, folder) => {
      erase();
      run = null;
      print(endLines(record, folder));
    },
  };
};
