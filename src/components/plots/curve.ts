/** Metrics against epochs, for the splits that they were measured on. */
import type { TopLevelSpec } from 'vega-lite';
import type { Column, Facts, HistoryRow, Misfit, Moment } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { suggest } from '../../registry/suggest.js';
import { drawChart } from '../shared/chart.js';
import { lineColors } from '../shared/colors.js';
import { showMoment, showNumber } from '../shared/image-plots.js';
import { logAxis } from '../shared/log-axis.js';

const misfitOfMetrics = (metrics: readonly string[], { metricColumns }: Facts): Misfit | null => {
  const param = 'metrics';
  const unknown = metrics.find((metric) => !metricColumns.includes(metric));
  if (unknown !== undefined) {
    const close = suggest(unknown, metricColumns);
    const known = metricColumns.length === 0 ? 'The experiment has no metrics.' : `It measures ${metricColumns.join(', ')}.`;
    return {
      param,
      message: `asks for "${unknown}", which is not measured${close === null ? '' : `; did you mean "${close}"?`}`,
      help: `${known} Name one of its columns, or add the metric under metrics.`,
    };
  }
  const repeated = metrics.find((metric, i) => metrics.indexOf(metric) !== i);
  return repeated === undefined ? null : { param, message: `asks for "${repeated}" twice`, help: 'Name each once.' };
};

/** Two metrics of one type, with other params, have one title and two names. */
const withDistinctTitles = (columns: readonly Column[]): readonly Column[] =>
  columns.map((column) => {
    const isShared = columns.some(({ name, title }) => title === column.title && name !== column.name);
    return isShared ? { ...column, title: `${column.title}, ${column.name}` } : column;
  });

interface Point {
  readonly epoch: number;
  readonly value: number;
  readonly split: string;
  readonly metric: string;
  readonly unit: string;
}

const pointsOf = (rows: readonly HistoryRow[], columns: readonly Column[], splits: readonly string[]): readonly Point[] =>
  columns.flatMap(({ name, title, unit }) =>
    splits.flatMap((split) =>
      rows.flatMap((row) => {
        const [epoch, value] = [row['epoch'] ?? null, row[`${split}.${name}`] ?? null];
        return epoch === null || value === null ? [] : [{ epoch, value, split, metric: title, unit }];
      }),
    ),
  );

/** The vertical axis. Values of both signs have no logarithm; for them it is linear around 0 and logarithmic farther out. */
const verticalAxis = (points: readonly Point[], isLog: boolean) => {
  if (!isLog) return { scale: { type: 'linear' as const, zero: false, nice: true }, ticks: {} };
  const log = logAxis(points.map(({ value }) => value));
  if (log === null) return { scale: { type: 'symlog' as const, nice: true }, ticks: {} };
  // Vega leaves negative values of a logarithmic axis without labels unless it is told.
  const ticks = { values: [...log.ticks], labelExpr: "format(datum.value, '~f')" };
  return { scale: { type: 'log' as const, domain: [...log.domain], nice: false }, ticks };
};

/** `ELBO (nats)`; the unit alone for several metrics of one. */
const axisTitle = (columns: readonly Column[]): string => {
  const { title, unit } = columns[0] ?? { title: '', unit: '' };
  if (columns.length > 1 || title === '') return unit;
  return unit === '' ? title : `${title} (${unit})`;
};

/** Lines of one unit; with one metric the splits have colours of their own, with several the metrics do. */
const panel = (columns: readonly Column[], points: readonly Point[], splits: readonly string[], isLog: boolean) => {
  const epochs = points.map(({ epoch }) => epoch);
  const [first, last] = [Math.min(...epochs), Math.max(...epochs)];
  const epochDomain = [first, Math.max(last, first + 1)];
  const titles = columns.map(({ title }) => title);
  const colored = columns.length === 1 ? { field: 'split', domain: splits } : { field: 'metric', domain: titles };
  const colors = colored.domain.length > lineColors.length ? { scheme: 'turbo' as const } : { range: [...lineColors] };
  const hasFew = last - first < 12;
  const { scale, ticks } = verticalAxis(points, isLog);
  const legend = {
    title: null,
    orient: 'top',
    symbolType: 'stroke',
    symbolSize: 500,
    symbolStrokeWidth: 2.5,
    columnPadding: 24,
    columns: 3,
  } as const;
  return {
    width: 640,
    height: 340,
    data: { values: [...points] },
    mark: { type: 'line', strokeWidth: 2.25, strokeCap: 'round', strokeJoin: 'round', point: hasFew ? { size: 36, filled: true } : false },
    encoding: {
      x: {
        field: 'epoch',
        type: 'quantitative',
        title: 'Epoch',
        scale: { domain: epochDomain, nice: false, zero: false },
        axis: { format: 'd', tickMinStep: 1, tickCount: 10, labelFlush: false, grid: false },
      },
      y: {
        field: 'value',
        type: 'quantitative',
        title: axisTitle(columns),
        scale,
        axis: { domain: false, ticks: false, tickCount: 7, ...ticks },
      },
      color: {
        field: colored.field,
        type: 'nominal',
        scale: { domain: [...colored.domain], ...colors },
        legend,
      },
      strokeDash: {
        field: 'split',
        type: 'nominal',
        scale: {
          domain: [...splits],
          range: [
            [1, 0],
            [7, 5],
          ],
        },
        legend,
      },
    },
  } as const;
};

const caption = (points: readonly Point[], moment: Moment): string => {
  const last = new Map(points.map((point) => [`${point.metric} ${point.split}`, point]));
  const figures = [...last.values()].map(
    ({ metric, split, value, unit }) => `${metric} ${showNumber(value, 2)}${unit === '' ? '' : ` ${unit}`} (${split})`,
  );
  return `Metrics against epochs, ${showMoment(moment)}: ${figures.join(', ')}.`;
};

export default defineComponent({
  kind: 'plot',
  name: 'curve',
  description: 'Metrics against epochs, one line for each split; metrics of different units stand in panels below each other.',
  params: {
    metrics: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      minItems: 1,
      default: ['elbo'],
      description: 'Columns of metrics.csv to draw, without their split.',
    },
    splits: {
      type: 'array',
      items: { type: 'string', enum: ['train', 'validation'] },
      minItems: 1,
      maxItems: 2,
      default: ['train', 'validation'],
      description: 'The splits that a line is drawn for.',
    },
    from: {
      type: 'integer',
      minimum: 0,
      default: 1,
      description: 'The first epoch to show, as soon as it is reached; epoch 0, before training, would squeeze the others.',
    },
    logScale: {
      type: 'boolean',
      default: false,
      description: 'Whether the vertical axis is logarithmic; it may be so for negative values too.',
    },
  },
  build: ({ metrics, splits: wantedSplits, from, logScale }) => ({
    needs: [],
    check: (facts) => misfitOfMetrics(metrics, facts),
    prepare: (studio) => {
      const splits = [...new Set(wantedSplits)];
      const columns = withDistinctTitles(metrics.flatMap((metric) => studio.columns.filter(({ name }) => name === metric)));
      return Promise.resolve(async (moment: Moment) => {
        const reached = studio.history.filter((row) => (row['epoch'] ?? 0) >= from);
        const points = pointsOf(reached.length > 0 ? reached : studio.history, columns, splits);
        if (points.length === 0) return [];
        // An empty split has no figures, and no place in the legend.
        const measured = splits.filter((split) => points.some((point) => point.split === split));
        const panels = [...new Set(points.map(({ unit }) => unit))].map((unit) => {
          const ofUnit = columns.filter((column) => column.unit === unit);
          const shown = points.filter((point) => point.unit === unit);
          return panel(ofUnit, shown, measured, logScale);
        });
        const spec: TopLevelSpec = {
          title: { text: columns.map(({ title }) => title).join(', ') },
          vconcat: panels,
          spacing: 32,
          resolve: { scale: { color: 'independent', strokeDash: 'independent' } },
        };
        const { svg, png } = await drawChart(spec);
        return [{ suffix: '', folder: 'plots', png, svg, caption: caption(points, moment) }];
      });
    },
  }),
});
