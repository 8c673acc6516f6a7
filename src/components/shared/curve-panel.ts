/** Panels of curves: lines of one unit against epochs, with horizontal lines to hold them against. */
import type { Column } from '../../registry/contracts/index.js';
import { ink } from './colors.js';
import { lineLegend, lineScale, panelSize } from './line-legend.js';
import { logAxis } from './log-axis.js';

/** A horizontal line; it stands in the panel of `metric`, or in the first. */
export interface Line {
  readonly value: number;
  readonly label: string;
  readonly metric: string | null;
}

export interface Point {
  readonly epoch: number;
  readonly value: number;
  readonly split: string;
  readonly metric: string;
  readonly unit: string;
}

/** The vertical axis. Values of both signs have no logarithm; for them it is linear around 0 and logarithmic farther out. */
const verticalAxis = (values: readonly number[], isLog: boolean) => {
  if (!isLog) return { scale: { type: 'linear' as const, zero: false, nice: true }, ticks: {} };
  const log = logAxis(values);
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

/** Rules across the panel, each with its label at the right end above it. */
const ruleLayers = (lines: readonly Line[]) => {
  const data = { values: lines.map(({ value, label }) => ({ value, label })) };
  const y = { field: 'value', type: 'quantitative' } as const;
  const strokeDash = [2, 3];
  return [
    { data, mark: { type: 'rule', color: ink.label, strokeWidth: 1.25, strokeDash } as const, encoding: { y } },
    {
      data,
      mark: { type: 'text', align: 'right', baseline: 'bottom', dx: -2, dy: -4, fontSize: 12.5, color: ink.label } as const,
      encoding: { x: { value: 'width' }, y, text: { field: 'label' } } as const,
    },
  ];
};

/** Lines of one unit; with one metric the splits have colours of their own, with several the metrics do. */
export const curvePanel = (
  columns: readonly Column[],
  points: readonly Point[],
  allSplits: readonly string[],
  lines: readonly Line[],
  isLog: boolean,
) => {
  // An empty split has no figures, and no place in the legend.
  const splits = allSplits.filter((split) => points.some((point) => point.split === split));
  const epochs = points.map(({ epoch }) => epoch);
  const [first, last] = [Math.min(...epochs), Math.max(...epochs)];
  const epochDomain = [first, Math.max(last, first + 1)];
  const titles = columns.map(({ title }) => title);
  const colored = columns.length === 1 ? { field: 'split', domain: splits } : { field: 'metric', domain: titles };
  const hasFew = last - first < 12;
  const { scale, ticks } = verticalAxis(
    [...points, ...lines].map(({ value }) => value),
    isLog,
  );
  const data = { values: [...points] };
  const places = {
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
      scale: lineScale(colored.domain),
      legend: lineLegend(colored.domain),
    },
  } as const;
  const curves = {
    data,
    mark: { type: 'line', strokeWidth: 2.25, strokeCap: 'round', strokeJoin: 'round' },
    encoding: {
      ...places,
      strokeDash: {
        field: 'split',
        type: 'nominal',
        scale: {
          domain: [...splits],
          range: splits.map((split) => (split === 'validation' ? [7, 5] : [1, 0])),
        },
        // Beside a legend of colours, dashes have none of their own, and Vega would leave their strokes transparent.
        legend: { ...lineLegend(splits), ...(colored.field === 'split' ? {} : { symbolStrokeColor: ink.label }) },
      },
    },
  } as const;
  // A layer of their own, which has no dashes: as a part of the lines they would take the strokes out of the legend of dashes.
  const dots = hasFew ? [{ data, mark: { type: 'point', size: 36, filled: true, opacity: 1 }, encoding: places } as const] : [];
  return { ...panelSize, layer: [curves, ...dots, ...(lines.length === 0 ? [] : ruleLayers(lines))] };
};
