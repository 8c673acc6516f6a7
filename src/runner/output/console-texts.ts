/** The words of the progress display. */
import type { HistoryRow } from '../../registry/contracts/index.js';
import type { Pace } from './pace.js';
import type { ProgressStart } from './progress.js';
import type { RunRecord, RunStatus } from './record.js';

const unknown = '-';
const maxPictures = 20;
const maxMetrics = 12;

/** A whole number: 1,234,567. Not by `toLocaleString`, for which Node loads tables that take longer than a short run trains. */
export const formatCount = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');
export const counted = (count: number, noun: string): string => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;

/** Five digits, more only in front of the point: -103.21, 0.0012346, 65536. */
export const formatFigure = (value: number | null | undefined): string => {
  if (value === null || value === undefined || !Number.isFinite(value)) return unknown;
  if (Math.abs(value) >= 1e5 && Math.abs(value) < 1e15) return value.toFixed(0);
  return String(Number(value.toPrecision(5)));
};

/** 0:09, 12:05, 1:02:03 */
export const formatDuration = (seconds: number | null): string => {
  if (seconds === null || !Number.isFinite(seconds)) return unknown;
  const total = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const tail = String(rest).padStart(2, '0');
  return hours > 0 ? `${String(hours)}:${String(minutes).padStart(2, '0')}:${tail}` : `${String(minutes)}:${tail}`;
};

/** How long something will still take; '' where nobody knows. */
export const timeLeft = (seconds: number | null): string => {
  const duration = formatDuration(seconds);
  return duration === unknown ? '' : `${duration} left`;
};

export const formatRate = (rate: number | null): string =>
  rate === null ? `${unknown} steps/s` : `${rate < 10 ? rate.toFixed(1) : rate.toFixed(0)} steps/s`;

/** The epoch that a step belongs to: the first for step 1. */
export const epochOf = ({ stepsPerEpoch }: ProgressStart, step: number): number => Math.ceil(step / stepsPerEpoch);

export const startLines = (facts: ProgressStart): readonly string[] => [
  `${facts.experiment}: ${counted(facts.parameters, 'parameter')} on the ${facts.engine} engine`,
  `  data    ${facts.data}`,
  `  steps   ${formatCount(facts.totalSteps)}, ${counted(facts.lastEpoch, 'epoch')} of ${formatCount(facts.stepsPerEpoch)}`,
  `  folder  ${facts.folder}`,
];

export const stepLine = (facts: ProgressStart, step: number, loss: number, pace: Pace): string =>
  `epoch ${String(epochOf(facts, step))}/${String(facts.lastEpoch)}  step ${String(step)}/${String(facts.totalSteps)}  ` +
  `${formatRate(pace.stepsPerSecond)}  loss ${formatFigure(loss)}  ${timeLeft(pace.secondsLeft)}`.trimEnd();

const splits = ['train', 'validation', 'test'] as const;

/** What a run is judged by while it goes on: the bound if it is measured, else the loss. */
const headlineColumns = (row: HistoryRow): readonly string[] => {
  const bounds = ['train.elbo', 'validation.elbo'].filter((column) => (row[column] ?? null) !== null);
  if (bounds.length > 0) return bounds;
  const first = Object.keys(row).find((column) => column.startsWith('train.') && row[column] !== null);
  return ['loss', ...(first === undefined ? [] : [first, first.replace('train.', 'validation.')])].filter(
    (column) => (row[column] ?? null) !== null,
  );
};

export const epochLine = ({ lastEpoch }: ProgressStart, row: HistoryRow): string =>
  [
    `epoch ${String(row['epoch'] ?? unknown)}/${String(lastEpoch)}`,
    ...headlineColumns(row).map((column) => `${column} ${formatFigure(row[column])}`),
  ].join('  ');

/** The one figure that a bar has room for: that of data which training does not see, if there is one. */
export const headline = (row: HistoryRow | null, loss: number): string => {
  const bound = row?.['validation.elbo'] ?? row?.['train.elbo'] ?? null;
  return bound === null ? `loss ${formatFigure(loss)}` : `elbo ${formatFigure(bound)}`;
};

/** A line per metric, a column per split; the loss where nothing else was measured. */
const metricLines = (metrics: HistoryRow): readonly string[] => {
  const used = splits.filter((split) =>
    Object.entries(metrics).some(([column, value]) => value !== null && column.startsWith(`${split}.`)),
  );
  const names = [
    ...new Set(
      // The bound first, so that columns of single dimensions never push it out.
      [...splits.map((split) => `${split}.elbo`).filter((column) => column in metrics), ...Object.keys(metrics)].flatMap((column) =>
        splits.flatMap((split) => (column.startsWith(`${split}.`) ? [column.slice(split.length + 1)] : [])),
      ),
    ),
  ];
  if (names.length === 0 || used.length === 0)
    return (metrics['loss'] ?? null) === null ? [] : [`  loss    ${formatFigure(metrics['loss'])}`];
  const width = Math.max(...names.slice(0, maxMetrics).map((name) => name.length));
  const cells = (texts: readonly string[]): string => texts.map((text) => text.padStart(12)).join('');
  const rows = names
    .slice(0, maxMetrics)
    .map((name) => `  ${name.padEnd(width)}${cells(used.map((split) => formatFigure(metrics[`${split}.${name}`])))}`);
  const more = names.length > maxMetrics ? [`  ... and ${String(names.length - maxMetrics)} more in metrics.csv and run.json`] : [];
  return [`  ${''.padEnd(width)}${cells(used)}`, ...rows, ...more];
};

const verdicts: Readonly<Record<RunStatus, string>> = {
  queued: 'not begun',
  running: 'still running',
  done: 'done',
  failed: 'failed',
  interrupted: 'interrupted',
};

/** The last words. The text of an error is printed by whoever catches it. */
export const endLines = (record: RunRecord, folder: string): readonly string[] => {
  const { status, seconds, epoch, step, metrics, pictures } = record;
  const shown = pictures.slice(0, maxPictures).map(({ file, caption }) => `    ${file}  ${caption}`.trimEnd());
  const more = pictures.length > maxPictures ? [`    ... and ${String(pictures.length - maxPictures)} more`] : [];
  const done = `${counted(epoch, 'epoch')}, ${counted(step, 'step')}`;
  // A run that failed had come further than what it has recorded.
  const came = status === 'failed' ? `with ${done} on record` : `after ${done}`;
  return [
    `${record.experiment}: ${verdicts[status]} ${came}, ${formatDuration(seconds)}`,
    ...metricLines(metrics),
    ...(pictures.length === 0 ? [] : ['  pictures', ...shown, ...more]),
    `  folder  ${folder}`,
  ];
};
