/**
 * Metrics against epochs, for the splits that they were measured on, and columns of training such as losses, with horizontal lines for
 * values to hold them against.
 */
import type { TopLevelSpec } from 'vega-lite';
import type { Column, Facts, HistoryRow, Misfit, Moment } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { suggest } from '../../registry/suggest.js';
import { drawChart } from '../shared/chart.js';
import { curvePanel, type Line, type Point } from '../shared/curve-panel.js';
import { showMoment, showNumber } from '../shared/image-plots.js';
import { mayBeOfTraining, trainingColumn } from '../shared/training-columns.js';

const misfitOfMetrics = (metrics: readonly string[], { metricColumns, trainingColumns, players }: Facts): Misfit | null => {
  const param = 'metrics';
  const known = [...metricColumns, ...(trainingColumns ?? [])];
  const isKnown = (name: string): boolean => known.includes(name) || (trainingColumns === null && mayBeOfTraining(name, players));
  const unknown = metrics.find((metric) => !isKnown(metric));
  if (unknown !== undefined) {
    const close = suggest(unknown, known);
    const measured = metricColumns.length === 0 ? 'The experiment has no metrics.' : `It measures ${metricColumns.join(', ')}.`;
    const trained = trainingColumns === null ? '' : ` Training gives ${trainingColumns.join(', ')}.`;
    return {
      param: `${param}[${String(metrics.indexOf(unknown))}]`,
      message: `asks for "${unknown}", which is not measured${close === null ? '' : `; did you mean "${close}"?`}`,
      help: `${measured}${trained} Name one of these columns, or add the metric under metrics.`,
    };
  }
  const repeated = metrics.find((metric, i) => metrics.indexOf(metric) !== i);
  return repeated === undefined ? null : { param, message: `asks for "${repeated}" twice`, help: 'Name each once.' };
};

const misfitOfLines = (lines: readonly Line[], metrics: readonly string[]): Misfit | null => {
  const stray = lines.find(({ metric }) => metric !== null && !metrics.includes(metric));
  if (stray === undefined) return null;
  return {
    param: 'lines',
    message: `has a line for "${stray.metric ?? ''}", which is not drawn`,
    help: `Name one of ${metrics.join(', ')}, or add it to metrics.`,
  };
};

/** Two metrics of one type, with other params, have one title and two names. */
const withDistinctTitles = (columns: readonly Column[]): readonly Column[] =>
  columns.map((column) => {
    const isShared = columns.some(({ name, title }) => title === column.title && name !== column.name);
    return isShared ? { ...column, title: `${column.title}, ${column.name}` } : column;
  });

/** Letters of the heading that stand above a panel without being wider. */
const titleWidth = 72;

/** The heading: all titles, in as many lines as they take. */
const titleLines = (titles: readonly string[]): readonly string[] =>
  titles.reduce<readonly string[]>((lines, title) => {
    const [line, before] = [lines.at(-1), lines.slice(0, -1)];
    if (line === undefined) return [title];
    return line.length + title.length + 2 <= titleWidth ? [...before, `${line}, ${title}`] : [...before, `${line},`, title];
  }, []);

/** In the legend, for what has no split: means over the steps of an epoch. */
const ofTraining = 'training';

const pointsOf = (rows: readonly HistoryRow[], columns: readonly Column[], splits: readonly string[]): readonly Point[] =>
  columns.flatMap(({ name, title, unit }) =>
    splits.flatMap((split) =>
      rows.flatMap((row) => {
        const [epoch, value] = [row['epoch'] ?? null, row[split === ofTraining ? name : `${split}.${name}`] ?? null];
        return epoch === null || value === null ? [] : [{ epoch, value, split, metric: title, unit }];
      }),
    ),
  );

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
      description:
        'Columns of metrics.csv to draw: those of metrics without their split, those of training (losses, learning rates, what is told of a player) as they are.',
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
    lines: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          value: { type: 'number', examples: [-1.3863], description: 'Where on the vertical axis the line lies.' },
          label: { type: 'string', default: '', description: 'What stands beside the line.' },
          metric: {
            type: 'string',
            minLength: 1,
            nullable: true,
            default: null,
            description: 'The metric in whose panel it lies; the first if absent.',
          },
        },
      },
      default: [],
      description: 'Horizontal lines to hold the curves against, such as -2 log 2 for the value of a GAN.',
      examples: [[{ value: -1.3863, label: '-2 log 2' }]],
    },
    logScale: {
      type: 'boolean',
      default: false,
      description: 'Whether the vertical axis is logarithmic; it may be so for negative values too.',
    },
  },
  build: ({ metrics, splits: wantedSplits, from, lines, logScale }) => ({
    needs: [],
    check: (facts) => misfitOfMetrics(metrics, facts) ?? misfitOfLines(lines, metrics),
    prepare: (studio) => {
      const splits = [...new Set(wantedSplits)];
      const isTrained = (name: string): boolean => !studio.columns.some((column) => column.name === name);
      const columns = withDistinctTitles(
        metrics.flatMap((metric) => (isTrained(metric) ? [trainingColumn(metric)] : studio.columns.filter(({ name }) => name === metric))),
      );
      return Promise.resolve(async (moment: Moment) => {
        const reached = studio.history.filter((row) => (row['epoch'] ?? 0) >= from);
        const rows = reached.length > 0 ? reached : studio.history;
        const points = columns.flatMap((column) => pointsOf(rows, [column], isTrained(column.name) ? [ofTraining] : splits));
        if (points.length === 0) return [];
        const units = [...new Set(points.map(({ unit }) => unit))];
        const unitOf = ({ metric }: Line): string => columns.find(({ name }) => name === (metric ?? metrics[0]))?.unit ?? '';
        const panels = units.map((unit) => {
          const ofUnit = columns.filter((column) => column.unit === unit);
          const shown = points.filter((point) => point.unit === unit);
          return curvePanel(
            ofUnit,
            shown,
            [...splits, ofTraining],
            lines.filter((line) => unitOf(line) === unit),
            logScale,
          );
        });
        const spec: TopLevelSpec = {
          title: { text: [...titleLines(columns.map(({ title }) => title))] },
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
