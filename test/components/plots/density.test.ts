/** Densities: points where they belong, circles around modes, histograms with the true curve. */
import { describe, expect, it } from 'vitest';
import density from '../../../src/components/plots/density.js';
import { lineColors } from '../../../src/components/shared/colors.js';
import { readPng } from '../../support/png.js';
import { dataOf } from '../../support/studio.js';
import { end, facts, points } from './model.js';
import { numberData, planeData, pointStudio } from './points.js';
import { expectNoComplaints } from '../../support/charts.js';

const plot = density.build({ count: 50, examples: 100, split: 'validation' });

/** Centres and radii of the circles of one kind, in units of the chart. */
const circles = (svg: string, attribute: string): readonly { x: number; y: number; radius: number }[] =>
  [...svg.matchAll(/<path[^>]*transform="translate\(([\d.-]+),([\d.-]+)\)" d="M([\d.]+),0A[^>]*>/g)]
    .filter(([path]) => path.includes(attribute))
    .map(([, x, y, radius]) => ({ x: Number(x), y: Number(y), radius: Number(radius) }));

describe('density', () => {
  expectNoComplaints();

  it('draws real and generated points on equal scales, and circles of three deviations around the modes', async () => {
    const [picture] = await (await plot.prepare(pointStudio(planeData(), { scale: 0.5 })))(end);
    const svg = picture!.svg!;
    // From -2 to 2 across, with margins of 15 %, and as much upwards.
    const unit = 460 / 5.2;
    const real = circles(svg, 'fill="#8a8a8a"').filter(({ radius }) => radius < 3);
    expect(real.map(({ x, y }) => [Math.round(x), Math.round(y)]).sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!)).toEqual(
      [
        [-2, 0],
        [-2, -1],
        [2, 1],
        [2, 0],
      ].map(([x, y]) => [Math.round(230 + unit * x!), Math.round(230 - unit * y!)]),
    );
    expect(circles(svg, `fill="${lineColors[0]}"`).filter(({ radius }) => radius < 3)).toHaveLength(50);
    const modes = circles(svg, `stroke="${lineColors[1]}"`);
    expect(modes).toHaveLength(2);
    for (const [i, { x, radius }] of modes.entries()) {
      expect(x).toBeCloseTo(230 + unit * (i === 0 ? -2 : 2), 1);
      expect(radius).toBeCloseTo(0.75 * unit, 1);
    }
    expect(picture).toMatchObject({ folder: 'plots', suffix: '' });
    expect(picture!.caption).toBe(
      'After 20 epochs: 50 generated points and 4 validation examples; circles lie 3 standard deviations around the true modes.',
    );
    expect(readPng(picture!.png).width).toBeGreaterThan(900);
  });

  it('keeps its axes, and counts what is generated outside of them', async () => {
    const weights = { scale: 0.5 };
    const draw = await plot.prepare(pointStudio(planeData(null), weights));
    const [before] = await draw(end);
    weights.scale = 1000;
    const [after] = await draw(end);
    const ticks = (svg: string): readonly string[] => [...svg.matchAll(/<text[^>]*>([−\d.]+)<\/text>/g)].map(([, text]) => text!);
    expect(ticks(after!.svg!)).toEqual(ticks(before!.svg!));
    expect(after!.caption).toMatch(/; (4\d|50) generated points outside of the axes\.$/);
    expect(circles(after!.svg!, `stroke="${lineColors[1]}"`)).toEqual([]);
  });

  it('draws histograms of numbers, with the true density where it is known', async () => {
    const [picture] = await (await plot.prepare(pointStudio(numberData)))(end);
    for (const text of ['real', 'generated', 'true density', 'Density']) expect(picture!.svg).toContain(`>${text}</text>`);
    expect(picture!.svg).not.toContain('NaN');
    expect(picture!.caption).toContain('the line is the true density');
    const unknown = dataOf([1], [Float32Array.of(1), Float32Array.of(2)]);
    const [plain] = await (await plot.prepare(pointStudio(unknown)))(end);
    expect(plain!.svg).not.toContain('true density');
  });

  it('refuses data that is not of points', () => {
    expect(plot.check?.(facts({ data: points }))).toBeNull();
    expect(plot.check?.(facts({ data: { ...points, shape: [1] } }))).toBeNull();
    expect(plot.check?.(facts({ data: null }))).toBeNull();
    for (const shape of [[3], [1, 2, 1]]) expect(plot.check?.(facts({ data: { ...points, shape } }))).toMatchObject({ param: null });
    const empty = facts({ data: points, counts: { train: 9, validation: 0, test: 0 } });
    expect(plot.check?.(empty)).toMatchObject({ param: 'split' });
  });
});
