/** Figures against a value: axes, lines, bars and legend, and a PNG that shows them. */
import { describe, expect, it } from 'vitest';
import { drawValueChart, type ValueChart, type ValueLine } from '../../../src/components/shared/value-chart.js';
import { readPng } from '../../support/png.js';
import { expectNoComplaints, textsOf } from '../../support/charts.js';

const line = (label: string, xs: readonly number[], error: number | null = null): ValueLine => ({
  label,
  points: xs.map((x) => ({ x, value: -100 - x, error })),
});
const chartOf = (...lines: readonly ValueLine[]): ValueChart => ({
  ...{ title: 'Figures', subtitle: '3 runs', value: 'model.latent' },
  panels: [{ title: 'nats', lines }],
});
const marks = (svg: string, name: string): number => svg.split(`aria-roledescription="${name}"`).length - 1;

describe('a chart of figures against a value', () => {
  expectNoComplaints();

  it('has a line and a colour for each label, with points, axes and legend', async () => {
    const { svg, png } = await drawValueChart(chartOf(line('prior', [2, 5, 10]), line('posterior', [2, 5, 10])));
    expect(marks(svg, 'line mark')).toBe(2);
    expect(marks(svg, 'point')).toBe(6);
    expect(marks(svg, 'rule mark')).toBe(0);
    for (const text of ['Figures', '3 runs', 'prior', 'posterior', 'nats', 'model.latent', '2', '5', '10'])
      expect(textsOf(svg)).toContain(text);
    const picture = readPng(png);
    expect(picture.width).toBeGreaterThan(1300);
    expect(picture.countDark([0, 0, picture.width, 110])).toBeGreaterThan(200);
    // Blue is the first line's, vermillion the second's, which lies on it.
    const colors = new Set<string>();
    for (let y = 0; y < picture.height; y++) for (let x = 0; x < picture.width; x++) colors.add(picture.pixel(x, y).join(' '));
    for (const color of ['0 114 178', '213 94 0']) expect(colors).toContain(color);
  });

  it('draws a bar with two ends where an error is known, within the axis', async () => {
    const { svg } = await drawValueChart(chartOf(line('prior', [2, 5, 10], 40), line('posterior', [2, 5, 10])));
    expect(marks(svg, 'rule mark')).toBe(3);
    expect(marks(svg, 'tick')).toBe(6);
    // The lowest end is at -150.
    expect(textsOf(svg)).toContain('−150');
    expect(svg).not.toContain('NaN');
  });

  it('spreads values that lie far apart by their logarithm, and others evenly', async () => {
    const placesOf = async (xs: readonly number[]): Promise<readonly number[]> => {
      const { svg } = await drawValueChart(chartOf(line('prior', xs)));
      const [, path = ''] = /aria-roledescription="line mark" d="([^"]*)"/.exec(svg) ?? [];
      return [...path.matchAll(/[ML]([\d.]+),/g)].map(([, x]) => Number(x));
    };
    const [a = NaN, b = NaN, c = NaN] = await placesOf([1e-4, 1e-3, 1e-2]);
    expect(b - a).toBeCloseTo(c - b, 1);
    const [d = NaN, e = NaN, f = NaN] = await placesOf([1, 2, 4]);
    expect((f - e) / (e - d)).toBeCloseTo(2, 1);
    // Zero has no logarithm.
    const [g = NaN, h = NaN, i = NaN] = await placesOf([0, 1, 100]);
    expect((i - h) / (h - g)).toBeCloseTo(99, 0);
  });

  it('has a panel for each unit, all with one horizontal axis', async () => {
    const chart = chartOf(line('elbo', [2, 50]));
    const { svg } = await drawValueChart({ ...chart, panels: [...chart.panels, { title: 'Active units', lines: [line('units', [2])] }] });
    expect(textsOf(svg).filter((text) => text === 'model.latent')).toHaveLength(2);
    expect(textsOf(svg).filter((text) => text === '50')).toHaveLength(2);
    expect(textsOf(svg)).toContain('Active units');
  });
});
