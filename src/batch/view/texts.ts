/** The words of a batch's display. */
import { shellWord } from '../../registry/shell-word.js';
import { formatDuration, timeLeft } from '../../runner/output/console-texts.js';
import type { Task, Verdict } from '../launcher.js';
import type { WorkerProgress } from '../messages.js';

export interface Tally {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly running: number;
}

const firstLines = (message: string): string =>
  message
    .split('\n')
    .slice(0, 2)
    .map((line) => line.trim())
    .join(' ');

export const startedLine = ({ name }: Task): string => `${name}: started`;

export const waitingLine = ({ name }: Task, reason: string): string => `${name}: waits: ${reason}`;

export const progressLine = ({ name }: Task, { epoch, lastEpoch, figure, secondsLeft }: WorkerProgress): string =>
  `${name}: epoch ${String(epoch)}/${String(lastEpoch)}  ${figure}  ${timeLeft(secondsLeft)}`.trimEnd();

export const againLine = ({ name }: Task, reason: string, inSeconds: number): string =>
  `${name}: ${firstLines(reason)}; it goes on ${inSeconds > 0 ? `in ${String(inSeconds)} s` : 'at once'}`;

/** Failures with their reason, where to read more, and at once. */
export const endedLines = ({ name, folder }: Task, verdict: Verdict, last: WorkerProgress | null): readonly string[] => {
  switch (verdict.status) {
    case 'done':
      return [`${name}: done in ${formatDuration(verdict.record.seconds)}${last === null ? '' : `  ${last.figure}`}`];
    case 'failed':
      return [`${name}: FAILED: ${firstLines(verdict.message)}`, `  see latentlab logs ${shellWord(folder)}`];
    case 'stopped':
      return [`${name}: stopped; the batch goes on with it when it is started again`];
  }
};

export const tallyLine = ({ total, done, failed, running }: Tally): string =>
  `${String(done)} of ${String(total)} done${failed > 0 ? `, ${String(failed)} failed` : ''}, ${String(running)} running`;
