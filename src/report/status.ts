/** `latentlab status`: how far each run is, at any time and from anywhere. */
import { chooseMetrics } from './metrics.js';
import { shortError, type ReportedRun, type ReportedStatus } from './runs.js';
import { formatDuration, formatFigure, toText } from './tables.js';

/** What is worth a look comes first. */
const order: readonly ReportedStatus[] = ['running', 'failed', 'unreadable', 'killed', 'interrupted', 'queued', 'done'];

/** Of so many runs the list is still read. */
const most = 40;

const secondsOf = ({ status, started, seconds }: ReportedRun, now: number): number | null =>
  status === 'running' && started !== null ? (now - Date.parse(started)) / 1000 : seconds;

const epochText = ({ epoch, total }: ReportedRun): string => `${String(epoch)}${total === null ? '' : `/${String(total.epochs)}`}`;

const countLine = (runs: readonly ReportedRun[]): string => {
  const counts = order.flatMap((status) => {
    const count = runs.filter((run) => run.status === status).length;
    return count === 0 ? [] : [`${String(count)} ${status}`];
  });
  return `${String(runs.length)} run${runs.length === 1 ? '' : 's'}: ${counts.join(', ')}`;
};

/** `now` in milliseconds, as Date has it; `all`: also those that are done, however many. */
export const statusLines = (runs: readonly ReportedRun[], now: number, all: boolean): readonly string[] => {
  if (runs.length === 0) return ['no runs'];
  const sorted = order.flatMap((status) => runs.filter((run) => run.status === status));
  const shown = all ? sorted : sorted.slice(0, most);
  const figureOf = (run: ReportedRun): string => {
    const [metric] = chooseMetrics([run], [], () => null);
    const value = metric === undefined ? null : run.metrics[metric];
    return metric === undefined || value === null || value === undefined ? '' : `${metric} ${formatFigure(value)}`;
  };
  // Runs of a batch are named after their experiments; the id of a run by itself says nothing of its own.
  const isNamed = shown.every(({ name, experiment }) => name.includes(experiment));
  const rows = shown.map((run) => [
    ...[run.name, ...(isNamed ? [] : [run.experiment]), run.status, epochText(run), formatDuration(secondsOf(run, now)), figureOf(run)],
    [shortError(run), run.elsewhere === null ? '' : `process ${String(run.elsewhere.pid)} on ${run.elsewhere.host} is at work on it`]
      .filter((text) => text !== '')
      .join('; '),
  ]);
  const more = sorted.length - shown.length;
  return [
    countLine(runs),
    ...toText({ columns: ['run', ...(isNamed ? [] : ['experiment']), 'status', 'epoch', 'time', 'figure', 'error'], rows }),
    ...(more > 0 ? [`... and ${String(more)} more: --all shows them`] : []),
  ];
};
