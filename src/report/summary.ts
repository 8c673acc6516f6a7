/** What a batch has come to: summary.csv with every figure of every run, and tables for people. */
import { withoutMixtures } from './comparable.js';
import { chooseMetrics } from './metrics.js';
import { groupRuns, groupTable } from './groups.js';
import { shortError, type ReportedRun, type ReportedStatus } from './runs.js';
import { formatDuration, toCsv, toText, type Table } from './tables.js';
import { createExperiments } from './values.js';

export interface Summary {
  readonly csv: string;
  readonly lines: readonly string[];
  readonly isAllDone: boolean;
  /** By the run's name. */
  readonly statuses: ReadonlyMap<string, ReportedStatus>;
}

/** Of so many runs a table is still read. */
const most = 60;

/** All figures, and of each run how it ended: those that failed as well. */
const csvTable = (runs: readonly ReportedRun[]): Table => {
  const figures = [...new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))].filter((name) => name !== 'epoch' && name !== 'step');
  const axes = [...new Set(runs.flatMap((run) => Object.keys(run.axes)))];
  return {
    columns: [
      'run',
      'experiment',
      'seed',
      ...axes,
      'status',
      'seconds',
      'epoch',
      'step',
      'crashes',
      'warnings',
      ...figures,
      'error',
      'hash',
    ],
    rows: runs.map((run) => [
      ...[
        run.name,
        run.experiment,
        run.seed,
        ...axes.map((axis) => run.axes[axis] ?? null),
        run.status,
        run.seconds,
        run.epoch,
        run.step,
        run.numMishaps,
        run.warnings.map(({ sentinel }) => sentinel).join(' '),
      ],
      ...figures.map((name) => run.metrics[name] ?? null),
      ...[run.error?.message ?? '', run.hashes.experiment],
    ]),
  };
};

const runTable = (runs: readonly ReportedRun[], metrics: readonly string[]): Table => ({
  columns: ['run', 'status', 'time', ...metrics],
  rows: runs.map(({ name, status, seconds, metrics: figures }) => [
    ...[name, status, formatDuration(seconds)],
    ...metrics.map((metric) => figures[metric] ?? null),
  ]),
});

const failureLines = (runs: readonly ReportedRun[], asWord: (path: string) => string): readonly string[] =>
  runs
    .filter(({ status }) => status === 'failed' || status === 'unreadable')
    .flatMap(({ name, folder, error }) => [
      `${name} failed: ${shortError({ error }) || 'its log says more'}`,
      `  see latentlab logs ${asWord(folder)}`,
    ]);

/** So many runs that were warned are told of. */
const mostWarned = 10;

/** What sentinels have said of runs that ended well all the same. */
const warningLines = (runs: readonly ReportedRun[]): readonly string[] => {
  const warned = runs.filter(({ warnings }) => warnings.length > 0);
  const lines = warned.slice(0, mostWarned).flatMap(({ name, warnings }) =>
    warnings.map(({ sentinel, step, message }) => {
      const [what = ''] = message.split('\n');
      return `${name} was warned (${sentinel}): after step ${String(step)}, ${what}`;
    }),
  );
  return warned.length <= mostWarned ? lines : [...lines, `... and ${String(warned.length - mostWarned)} more, in summary.csv`];
};

/**
 * @param asWord A path as it is pasted into the shell.
 * @throws ReportError for a metric that no run has.
 */
export const summarizeRuns = async (
  runs: readonly ReportedRun[],
  metricNames: readonly string[],
  asWord: (path: string) => string,
): Promise<Summary> => {
  const { metrics, notes } = withoutMixtures(
    runs,
    chooseMetrics(runs, metricNames, () => null),
  );
  // What needs a look comes through, however many there are.
  const shown = runs.length <= most ? runs : runs.filter(({ status }) => status !== 'done').slice(0, most);
  const groups = await groupRuns(runs, [], createExperiments());
  const warnings = warningLines(runs);
  const isWorth = groups.some((group) => group.runs.length > 1) && metrics.length > 0;
  return {
    csv: toCsv(csvTable(runs)),
    statuses: new Map(runs.map(({ name, status }) => [name, status])),
    isAllDone: runs.every(({ status }) => status === 'done'),
    lines: [
      ...(shown.length === 0 ? [] : ['', ...toText(runTable(shown, metrics))]),
      ...(shown.length < runs.length ? [`... ${String(runs.length - shown.length)} more in summary.csv`] : []),
      ...(notes.length === 0 ? [] : ['', ...notes]),
      ...(isWorth ? ['', ...toText(groupTable(groups, metrics))] : []),
      ...(warnings.length === 0 ? [] : ['', ...warnings]),
      ...(runs.some(({ status }) => status === 'failed') ? ['', ...failureLines(runs, asWord)] : []),
    ],
  };
};
