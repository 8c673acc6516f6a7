/** Histograms of numbers on common bins, and how they are drawn. */
import type { Values } from '../../registry/contracts/index.js';

export interface Bins {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export interface Bar {
  /** Ends of the bin. */
  readonly left: number;
  readonly right: number;
  /** Share of all numbers in it, divided by its width. */
  readonly density: number;
}

/** Bins that hold all of the numbers, and have some width even where these are all the same. */
export const binsOf = (samples: readonly Values[], count: number): Bins => {
  let [from, to] = [Infinity, -Infinity];
  for (const values of samples) for (const value of values) [from, to] = [Math.min(from, value), Math.max(to, value)];
  const room = to > from ? 0 : Math.max(0.5, Math.abs(to) * 1e-3);
  return { from: from - room, to: to + room, count };
};

/** Densities of the numbers; those outside of the bins count as numbers, but are in none. */
export const histogram = (values: Values, { from, to, count }: Bins): readonly Bar[] => {
  const width = (to - from) / count;
  const counts = new Float64Array(count);
  for (const value of values) {
    if (!(value >= from && value <= to)) continue;
    const bin = Math.min(count - 1, Math.floor((value - from) / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return Array.from(counts, (inBin, i) => ({
    left: from + i * width,
    right: from + (i + 1) * width,
    density: inBin / (values.length * width),
  }));
};

export interface Series {
  readonly name: string;
  readonly bars: readonly Bar[];
}

/**
 * Layers of a chart: filled steps for each series, and their outlines. `color` is the encoding that tells series apart by their
 * `series`.
 */
export const histogramLayers = <C>(series: readonly Series[], xTitle: string, [from, to]: readonly [number, number], color: C) => {
  // A step goes on from a bin's left end; the last needs its right end too.
  const values = series.flatMap(({ name, bars }) =>
    [...bars.map(({ left, density }) => ({ at: left, density })), { at: to, density: bars.at(-1)?.density ?? 0 }].map((point) => ({
      ...point,
      series: name,
    })),
  );
  const scale = { domain: [from, to], nice: false, zero: false };
  const x = { field: 'at', type: 'quantitative', title: xTitle, scale, axis: { grid: false, tickCount: 8, labelFlush: false } } as const;
  const y = { field: 'density', type: 'quantitative', title: 'Density', axis: { domain: false, ticks: false, tickCount: 6 } } as const;
  const encoding = { x, color };
  const data = { values };
  const area = { type: 'area', interpolate: 'step-after', opacity: 0.35, aria: false } as const;
  const line = { type: 'line', interpolate: 'step-after', strokeWidth: 1.5, aria: false } as const;
  // Areas are stacked where they are not told otherwise.
  return [
    { data, mark: area, encoding: { ...encoding, y: { ...y, stack: false } } },
    { data, mark: line, encoding: { ...encoding, y } },
  ];
};
