/** The scatter: every example's code, on equal scales, with a colour for each class. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import scatter from '../../../src/components/plots/latent-scatter.js';
import { classColors } from '../../../src/components/shared/colors.js';
import { readPng } from '../../support/png.js';
import { createTestStudio, dataOf } from '../../support/studio.js';
import { end, facts, labels, offers, points, rows, start, studioOf } from './model.js';
import { textsOf } from '../../support/charts.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Centres of the circles, in units of the chart. */
const circles = (svg: string): readonly (readonly [number, number])[] =>
  [
    ...svg.matchAll(/<path transform="translate\(([\d.-]+),([\d.-]+)\)" d="M[\d.]+,0A[^"]*" fill="[^"]*" stroke-width="2" opacity="0.75"/g),
  ].map(([, x, y]) => [Number(x), Number(y)]);

describe('latent-scatter', () => {
  it('puts the posterior mean of each example at its place, on equal scales', async () => {
    const draw = await scatter.build({ count: 100, split: 'validation', dimensions: [1, 2] }).prepare(studioOf(2));
    const [picture] = await draw(end);
    const found = circles(picture!.svg!);
    // The largest code is 4; the axes go 4 % farther.
    const expected = rows.map(([x, y]) => [230 + (230 * (8 * x! - 4)) / 4.16, 230 - (230 * (8 * y! - 4)) / 4.16]);
    expect(found).toHaveLength(5);
    for (const [i, [x, y]] of found.entries()) {
      expect(x).toBeCloseTo(expected[i]![0]!, 2);
      expect(y).toBeCloseTo(expected[i]![1]!, 2);
    }
    expect(picture).toMatchObject({ folder: 'plots', suffix: '' });
    expect(picture!.caption).toBe(
      'After 20 epochs: posterior means of 5 examples of the validation split in z₁ and z₂, coloured by class.',
    );
  });

  it('names axes and classes', async () => {
    const draw = await scatter.build({ count: 5, split: 'test', dimensions: [1, 2] }).prepare(studioOf(2));
    const { svg, png } = (await draw(start))[0]!;
    for (const text of ['z₁', 'z₂', 'Class', 'Latent codes', 'before training']) expect(svg).toContain(text);
    for (const color of classColors.slice(0, 3)) expect(svg).toContain(color);
    expect(svg).not.toContain(classColors[3]);
    const picture = readPng(png);
    expect(picture.width).toBeGreaterThan(1000);
    expect(picture.countDark()).toBeGreaterThan(1000);
  });

  it('calls classes by their names, in the order of their labels', async () => {
    const data = { ...dataOf([1, 2, 1], rows, labels), classNames: ['zebra', 'ape', 'cat'] };
    const draw = await scatter
      .build({ count: 5, split: 'train', dimensions: [1, 2] })
      .prepare(createTestStudio({ data, latent: 2, offers: offers(2) }));
    const { svg } = (await draw(end))[0]!;
    const texts = textsOf(svg!);
    // Vega writes the title of a legend behind its entries.
    const title = texts.indexOf('Class');
    expect(texts.slice(title - 3, title)).toEqual(['zebra', 'ape', 'cat']);
    // In the middle of each class, twice for its outline.
    for (const name of data.classNames) expect(texts.filter((text) => text === name)).toHaveLength(3);
  });

  it('draws examples without labels in one colour', async () => {
    const studio = createTestStudio({ data: dataOf([1, 2, 1], rows), latent: 4, offers: offers(4) });
    const draw = await scatter.build({ count: 5, split: 'train', dimensions: [2, 4] }).prepare(studio);
    const { svg, caption } = (await draw(end))[0]!;
    expect(svg).toContain('z₄');
    expect(svg).not.toContain('Class');
    expect(circles(svg!).map(([, y]) => y)).toEqual(new Array(5).fill(230));
    expect(caption).not.toContain('class');
  });

  it('encodes many examples in batches of one size, and keeps them apart', async () => {
    const many = Array.from({ length: 620 }, (_, i) => Float32Array.of(i / 620, 1));
    const studio = createTestStudio({
      data: dataOf(
        [1, 2, 1],
        many,
        many.map((_, i) => i % 12),
      ),
      latent: 2,
      offers: offers(2),
    });
    const draw = await scatter.build({ count: 600, split: 'train', dimensions: [1, 2] }).prepare(studio);
    const { svg } = (await draw(end))[0]!;
    expect(studio.compiled.get('encode')).toEqual({ x: { shape: [250, 1, 2, 1], dtype: 'float32' } });
    const across = circles(svg!).map(([x]) => x);
    expect(across).toHaveLength(600);
    expect([...across].sort((a, b) => a - b)).toEqual(across);
    expect(new Set(across).size).toBe(600);
  });

  it('draws codes that are all the same without a complaint', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const same = rows.map(() => Float32Array.of(0.5, 0.5));
    const studio = createTestStudio({ data: dataOf([1, 2, 1], same, labels), latent: 2, offers: offers(2) });
    const draw = await scatter.build({ count: 5, split: 'train', dimensions: [1, 2] }).prepare(studio);
    expect(circles((await draw(end))[0]!.svg!)).toEqual(new Array(5).fill([230, 230]));
    expect(warn).not.toHaveBeenCalled();
  });

  it('refuses latents that are not there, and takes any data', () => {
    const plot = scatter.build({ count: 5, split: 'train', dimensions: [1, 2] });
    expect(plot.check?.(facts({ data: points, latent: 20 }))).toBeNull();
    expect(plot.check?.(facts({ latent: 1 }))).toMatchObject({ param: 'dimensions', message: 'asks for latent 2, the model has 1' });
    const twice = scatter.build({ count: 5, split: 'train', dimensions: [2, 2] });
    expect(twice.check?.(facts())).toMatchObject({ param: 'dimensions', message: 'asks for latent 2 twice' });
  });
});
