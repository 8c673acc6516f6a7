/** Reconstructions: each example above what the model makes of it. */
import { describe, expect, it } from 'vitest';
import reconstructions from '../../../src/components/plots/reconstructions.js';
import { readPng } from '../../support/png.js';
import { createTestStudio, dataOf } from '../../support/studio.js';
import { end, facts, grey, offers, points, rows, studioOf } from './model.js';

const [width, height, gap, group, margin] = [112, 56, 4, 20, 28];

describe('reconstructions', () => {
  it('puts each example above its reconstruction, and pairs of rows apart', async () => {
    const draw = await reconstructions.build({ count: 5, columns: 3, split: 'validation' }).prepare(studioOf(2));
    const [picture] = await draw(end);
    const png = readPng(picture!.png);
    const left = png.width - margin - 3 * width - 2 * gap;
    const top = png.height - margin - 4 * height - 2 * gap - group;
    for (const [i, row] of rows.entries()) {
      const x = left + (i % 3) * (width + gap);
      const y = top + Math.floor(i / 3) * (2 * height + gap + group);
      for (const [k, value] of row.entries()) {
        expect(png.pixel(x + k * 56, y)[0]).toBe(grey(value));
        // The model gives back half of what it is shown.
        expect(png.pixel(x + k * 56, y + height + gap)[0]).toBe(grey(value / 2));
      }
    }
    expect(png.countDark([left + 2 * (width + gap), png.height - margin - height, png.width, png.height])).toBe(0);
    expect(png.countDark([0, top, left, top + height])).toBeGreaterThan(20);
    expect(picture!.caption).toContain('5 examples');
  });

  it('takes all examples of a smaller split', async () => {
    const studio = studioOf(2);
    const draw = await reconstructions.build({ count: 50, columns: 10, split: 'train' }).prepare(studio);
    expect((await draw(end))[0]!.caption).toContain('5 examples of the train split');
    expect(studio.compiled.get('reconstructions')).toEqual({ x: { shape: [5, 1, 2, 1], dtype: 'float32' } });
  });

  it('says so where the split is empty', async () => {
    const studio = createTestStudio({ data: dataOf([1, 2, 1], []), latent: 2, offers: offers(2) });
    await expect(reconstructions.build({ count: 5, columns: 3, split: 'validation' }).prepare(studio)).rejects.toThrow(
      'the validation split has no examples',
    );
  });

  it('refuses data that is not of images', () => {
    const plot = reconstructions.build({ count: 5, columns: 3, split: 'validation' });
    expect(plot.check?.(facts())).toBeNull();
    expect(plot.check?.(facts({ data: points }))?.message).toContain('[2]');
  });
});
