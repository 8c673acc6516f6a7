/** Figures of several runs against a value of their experiments: lines with bars for errors, a panel for each unit. */
import type { TopLevelSpec } from 'vega-lite';
import { drawChart, type Chart } from './chart.js';
import { ink } from './colors.js';
import { lineLegend, lineScale, panelSize } from './line-legend.js';
import { logAxis } from './log-axis.js';

export interface ValueLine {
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly value: number; readonly error: number | null }[];
}

export interface ValuePanel {
  readonly title: string;
  readonly lines: readonly ValueLine[];
}

export interface ValueChart {
  readonly title: string;
  readonly subtitle: string;
  /** What the values are. */
  readonly value: string;
  readonly panels: readonly ValuePanel[];
}

/** Values that lie so far apart stand on a logarithmic axis: the small ones of a sweep lie close to each other on a linear one. */
const logSpan = 10;
/** So few values are ticks themselves. */
const fewValues = 10;

const horizontalAxis = (values: readonly number[], title: string) => {
  const distinct = [...new Set(values)].toSorted((a, b) => a - b);
  const [smallest = 0, largest = 1] = [distinct[0], distinct.at(-1)];
  const log = smallest > 0 && largest / smallest >= logSpan ? logAxis(distinct) : null;
  const room = 0.03 * (largest - smallest);
  const ticks = distinct.length <= fewValues ? { values: distinct } : log === null ? {} : { values: [...log.ticks] };
  return {
    field: 'x',
    type: 'quantitative',
    title,
    scale:
      log === null
        ? { type: 'linear' as const, domain: [smallest - room, largest + room], nice: false, zero: false }
        : { type: 'log' as const, domain: [...log.domain], nice: false },
    // Vega writes 10 as 1e+1 where the digits are left to it.
    axis: { ...ticks, labelExpr: "format(datum.value, '.6~g')", labelFlush: false, labelOverlap: 'greedy', grid: false },
  } as const;
};

const panelOf = ({ title, lines }: ValuePanel, valueTitle: string, values: readonly number[]) => {
  const labels = lines.map(({ label }) => label);
  const points = lines.flatMap(({ label, points: own }) =>
    own.map(({ x, value, error }) => ({ label, x, value, low: value - (error ?? 0), high: value + (error ?? 0), isKnown: error !== null })),
  );
  const x = horizontalAxis(values, valueTitle);
  const color = { field: 'label', type: 'nominal', scale: lineScale(labels), legend: lineLegend(labels) } as const;
  const axis = { domain: false, ticks: false, tickCount: 7, gridColor: ink.grid } as const;
  const scale = { zero: false, nice: true } as const;
  const y = { field: 'value', type: 'quantitative', title, scale, axis } as const;
  const bars = points.filter(({ isKnown }) => isKnown);
  const ends = (['low', 'high'] as const).map(
    (field) =>
      ({
        data: { values: bars },
        mark: { type: 'tick', orient: 'horizontal', size: 9, thickness: 1.5, opacity: 1 },
        encoding: { x, y: { field, type: 'quantitative', title }, color },
      }) as const,
  );
  return {
    ...panelSize,
    layer: [
      {
        data: { values: points },
        mark: { type: 'line', strokeWidth: 2.25, strokeCap: 'round', strokeJoin: 'round' },
        encoding: { x, y, color },
      } as const,
      { data: { values: points }, mark: { type: 'point', size: 36, filled: true, opacity: 1 }, encoding: { x, y, color } } as const,
      ...(bars.length === 0
        ? []
        : [
            {
              data: { values: bars },
              mark: { type: 'rule', strokeWidth: 1.5 },
              encoding: { x, y: { field: 'low', type: 'quantitative', title }, y2: { field: 'high' }, color },
            } as const,
            ...ends,
          ]),
    ],
  };
};

export const drawValueChart = ({ title, subtitle, value, panels }: ValueChart): Promise<Chart> => {
  // One axis for all panels: points of one run stand below each other.
  const values = panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(({ x }) => x)));
  const spec: TopLevelSpec = {
    title: { text: title, subtitle },
    vconcat: panels.map((panel) => panelOf(panel, value, values)),
    spacing: 32,
    resolve: { scale: { color: 'independent' } },
  };
  return drawChart(spec);
};
