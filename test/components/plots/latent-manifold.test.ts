/** The manifold: codes at quantiles, the first latent to the right, the second upwards, no gaps. */
import { describe, expect, it } from 'vitest';
import manifold from '../../../src/components/plots/latent-manifold.js';
import { readPng } from '../../support/png.js';
import { decodePixel, end, facts, grey, points, studioOf } from './model.js';

describe('latent-manifold', () => {
  it('decodes each code at its place', async () => {
    const studio = studioOf(2);
    const draw = await manifold.build({ size: 3, coverage: 0.9 }).prepare(studio);
    const [picture] = await draw(end);
    const png = readPng(picture!.png);
    const axis = [-1.6448536269514722, 0, 1.6448536269514722];
    const left = png.width - 28 - 3 * 112;
    const top = 89;
    for (const [column, first] of axis.entries()) {
      for (const [row, second] of [...axis].reverse().entries()) {
        const [x, y] = [left + column * 112, top + row * 56];
        expect(png.pixel(x, y)[0]).toBe(grey(decodePixel(first)));
        expect(png.pixel(x + 55, y + 55)[0]).toBe(grey(decodePixel(first)));
        expect(png.pixel(x + 56, y)[0]).toBe(grey(decodePixel(second)));
        expect(png.pixel(x + 111, y + 55)[0]).toBe(grey(decodePixel(second)));
      }
    }
    expect(studio.compiled.get('manifold')).toEqual({ z: { shape: [9, 2], dtype: 'float32' } });
    expect(picture!.caption).toContain('−1.64 to 1.64');
    // Labels of both axes, and nothing on the margins.
    expect(png.countDark([0, top, left, top + 3 * 56])).toBeGreaterThan(100);
    expect(png.countDark([0, top + 3 * 56, png.width, png.height - 28])).toBeGreaterThan(100);
    expect(png.countDark([0, png.height - 24, png.width, png.height])).toBe(0);
    expect(png.countDark([0, 0, 24, png.height])).toBe(0);
  });

  it('needs two latents, and images', () => {
    const plot = manifold.build({ size: 20, coverage: 0.98 });
    expect(plot.check?.(facts())).toBeNull();
    expect(plot.check?.(facts({ latent: 20 }))).toEqual({
      param: null,
      message: 'draws a plane of codes and needs 2 latents, the model has 20',
      help: 'Set the model\'s latent size to 2, or look at several latents with "traversals".',
    });
    expect(plot.check?.(facts({ data: points }))?.message).toContain('[2]');
  });
});
