/**
 * Charts of points in the plane and of numbers, real ones and generated ones: what `density` and `animation` draw. Axes follow from the
 * real points alone, so that pictures of one run can be compared; what was generated outside of them is counted.
 */
import type { TopLevelSpec } from 'vega-lite';
import type { Data, Facts, GaussianMixture, Misfit, Values } from '../../registry/contracts/index.js';
import { lineColors } from './colors.js';
import { binsOf, histogram, histogramLayers } from './histogram.js';
import { highQualityDeviations } from './modes.js';

/** Why examples cannot be drawn as points; null where they can be, or are not known yet. */
export const misfitOfPoints = ({ data }: Facts): Misfit | null => {
  if (data === null || (data.shape.length === 1 && (data.shape[0] === 1 || data.shape[0] === 2))) return null;
  return {
    param: null,
    message: `draws points of 1 or 2 values, the data has examples of shape [${data.shape.join(', ')}]`,
    help: 'Take data of points such as `gaussian-ring` or `gaussian-1d`, or look at "samples".',
  };
};

export interface PointChart {
  readonly spec: TopLevelSpec;
  /** Generated points that lie outside of the axes. */
  readonly numOutside: number;
}

/** From the smallest to the largest number with a margin; with 0, where untrained models begin. */
const reachOf = (values: Values): readonly [number, number] => {
  const { from, to } = binsOf([values, Float32Array.of(0)], 1);
  const margin = (to - from) * 0.15;
  return [from - margin, to + margin];
};

const series = { names: ['real', 'generated'], colors: ['#8a8a8a', lineColors[0]] } as const;
const legend = { title: null, orient: 'top', symbolSize: 110, symbolOpacity: 1, columnPadding: 24 } as const;
const colorOf = (domain: readonly string[], range: readonly string[], symbolType: 'circle' | 'square') =>
  ({ field: 'series', type: 'nominal', scale: { domain: [...domain], range: [...range] }, legend: { ...legend, symbolType } }) as const;

const side = 460;

const circlesOf = ({ means, deviation }: GaussianMixture, pixelsPerUnit: number) => {
  const radius = Math.max(5, highQualityDeviations * deviation * pixelsPerUnit);
  return {
    data: { values: means.map(([x, y]) => ({ x, y })) },
    mark: {
      type: 'point',
      shape: 'circle',
      filled: false,
      size: (2 * radius) ** 2,
      strokeWidth: 1.5,
      color: lineColors[1],
      opacity: 1,
      aria: false,
    },
    encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } },
  } as const;
};

/** Square axes around points of the plane: both are of the same length, so that a circle is round. */
export const planeAxes = (points: Values) => {
  const [across, upwards] = [0, 1].map((axis) => reachOf(points.filter((_, i) => i % 2 === axis)));
  const [left, right] = across ?? [0, 1];
  const [low, high] = upwards ?? [0, 1];
  const half = Math.max(right - left, high - low) / 2;
  return {
    half,
    x: [(left + right) / 2 - half, (left + right) / 2 + half],
    y: [(low + high) / 2 - half, (low + high) / 2 + half],
  } as const;
};

export const axisScale = ([from, to]: readonly [number, number]) => ({ domain: [from, to], nice: false, zero: false });

const planeChart = (data: Data, real: Values, generated: Values, title: string, subtitle: string): PointChart => {
  const pointsOf = (values: Values, series: string) =>
    Array.from({ length: values.length / 2 }, (_, i) => ({ x: values[2 * i] ?? 0, y: values[2 * i + 1] ?? 0, series }));
  const domains = planeAxes(real);
  const isInside = ({ x, y }: { readonly x: number; readonly y: number }): boolean =>
    x >= domains.x[0] && x <= domains.x[1] && y >= domains.y[0] && y <= domains.y[1];
  const shown = pointsOf(generated, 'generated');
  const inside = shown.filter(isInside);
  const x = { field: 'x', type: 'quantitative', title: 'x₁', scale: axisScale(domains.x), axis: { tickCount: 7 } } as const;
  const y = { field: 'y', type: 'quantitative', title: 'x₂', scale: axisScale(domains.y), axis: { tickCount: 7, titleAngle: 0 } } as const;
  const points = [...pointsOf(real, 'real'), ...inside];
  return {
    numOutside: shown.length - inside.length,
    spec: {
      title: { text: title, subtitle },
      width: side,
      height: side,
      layer: [
        {
          data: { values: points },
          mark: { type: 'circle', size: points.length > 2000 ? 9 : 16, opacity: 0.55, aria: false },
          encoding: { x, y, color: colorOf(series.names, series.colors, 'circle') },
        },
        ...(data.mixture === undefined ? [] : [circlesOf(data.mixture, side / (2 * domains.half))]),
      ],
    },
  };
};

const numBins = 80;
const truth = 'true density';

/** The density of the mixture of Gaussians at x, for data of one value. */
const densityAt = ({ means, deviation }: GaussianMixture, x: number): number =>
  means.reduce((sum, [mean = 0]) => sum + Math.exp(-(((x - mean) / deviation) ** 2) / 2), 0) /
  (means.length * deviation * Math.sqrt(2 * Math.PI));

const trueDensity = (mixture: GaussianMixture, [from, to]: readonly [number, number]) => {
  const numPoints = 400;
  const values = Array.from({ length: numPoints + 1 }, (_, i) => from + ((to - from) * i) / numPoints).map((at) => ({
    at,
    density: densityAt(mixture, at),
    series: truth,
  }));
  return {
    data: { values },
    mark: { type: 'line', strokeWidth: 2, aria: false },
    encoding: {
      x: { field: 'at', type: 'quantitative' },
      y: { field: 'density', type: 'quantitative' },
      color: { field: 'series', type: 'nominal' },
    },
  } as const;
};

const lineChart = ({ mixture }: Data, real: Values, generated: Values, title: string, subtitle: string): PointChart => {
  const [from, to] = reachOf(real);
  const bins = { from, to, count: numBins };
  const histograms = [real, generated].map((values, i) => ({ name: series.names[i] ?? '', bars: histogram(values, bins) }));
  const isKnown = mixture !== undefined;
  const color = colorOf([...series.names, ...(isKnown ? [truth] : [])], [...series.colors, ...(isKnown ? [lineColors[1]] : [])], 'square');
  return {
    numOutside: generated.filter((value) => !(value >= from && value <= to)).length,
    spec: {
      title: { text: title, subtitle },
      width: 640,
      height: 320,
      layer: [...histogramLayers(histograms, 'x', [from, to], color), ...(isKnown ? [trueDensity(mixture, [from, to])] : [])],
    },
  };
};

/** Real and generated examples, [N, 1] or [N, 2], as `misfitOfPoints` lets them pass. */
export const pointChart = (data: Data, real: Values, generated: Values, title: string, subtitle: string): PointChart =>
  (data.shape[0] === 2 ? planeChart : lineChart)(data, real, generated, title, subtitle);

/** What the caption of such a chart says of the true distribution. */
export const describeTruth = ({ mixture, shape }: Data): string => {
  if (mixture === undefined) return '';
  return shape[0] === 2
    ? `; circles lie ${highQualityDeviations} standard deviations around the true modes`
    : '; the line is the true density';
};
