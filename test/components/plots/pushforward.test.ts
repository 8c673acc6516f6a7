/** Pushforward: codes and what becomes of them, in the same colour, on axes of the real points. */
import { expect, it } from 'vitest';
import pushforward from '../../../src/components/plots/pushforward.js';
import { readPng } from '../../support/png.js';
import { end, facts } from './model.js';
import { planeData, pointStudio } from './points.js';

const plot = pushforward.build({ count: 40, split: 'validation' });

interface Dot {
  readonly x: number;
  readonly y: number;
  readonly fill: string;
}

/** Dots of the panels in the order they are drawn in: codes, real points, generated points. */
const dotsOf = (svg: string): readonly Dot[] =>
  [...svg.matchAll(/<path[^>]*transform="translate\(([\d.-]+),([\d.-]+)\)" d="M[\d.]+,0A[^>]*>/g)].map(([path, x, y]) => ({
    x: Number(x),
    y: Number(y),
    fill: /fill="([^"]*)"/.exec(path)?.[1] ?? '',
  }));

const draw = async (scale: number) => (await (await plot.prepare(pointStudio(planeData(), { scale })))(end))[0]!;

it('gives a code and what is generated from it one colour', async () => {
  const { svg, png, caption, folder } = await draw(0.5);
  const dots = dotsOf(svg!);
  const codes = dots.slice(0, 40);
  const real = dots.slice(40, 44);
  const generated = dots.slice(44);
  expect(generated).toHaveLength(40);
  expect(new Set(real.map(({ fill }) => fill))).toEqual(new Set(['#8a8a8a']));
  expect(generated.map(({ fill }) => fill)).toEqual(codes.map(({ fill }) => fill));
  expect(new Set(codes.map(({ fill }) => fill)).size).toBeGreaterThan(30);
  // What a model that halves codes makes of them lies at half their place, whatever the unit of each panel: the ratio is one number.
  const unit = 380 / 5.2;
  const [first, second] = [codes[0]!, codes[1]!];
  const pixelsPerCode = (2 * (generated[0]!.x - generated[1]!.x)) / unit / (first.x - second.x);
  for (const [i, { x, y }] of generated.entries()) {
    expect(x - generated[0]!.x).toBeCloseTo(((codes[i]!.x - first.x) * pixelsPerCode * unit) / 2, 1);
    expect(y - generated[0]!.y).toBeCloseTo(((codes[i]!.y - first.y) * pixelsPerCode * unit) / 2, 1);
  }
  expect(folder).toBe('plots');
  expect(caption).toBe('After 20 epochs: 40 codes, coloured by their angle, and what is generated from them over 4 validation examples.');
  expect(readPng(png).width).toBeGreaterThan(900);
});

it('keeps its axes to the real points, and counts what is generated outside of them', async () => {
  const { caption, svg } = await draw(1000);
  expect(dotsOf(svg!).length).toBeLessThan(60);
  expect(caption).toMatch(/over 4 validation examples; (3\d|40) generated points outside of the axes\.$/);
});

it('is for two latents and points of the plane', () => {
  expect(plot.check!({ ...facts(), latent: 3, data: null })?.message).toBe('draws a plane of codes, the model has 3 latents');
  expect(plot.check!({ ...facts(), latent: 2, data: null })).toBeNull();
});
