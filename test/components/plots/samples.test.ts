/** Samples: the prior's codes, decoded, the same at each moment. */
import { describe, expect, it } from 'vitest';
import samples from '../../../src/components/plots/samples.js';
import { readPng } from '../../support/png.js';
import { decodePixel, end, facts, grey, points, start, studioOf } from './model.js';

// Tiles of 112 x 56 pixels, two pixels of 56 x 56.
const [left, top, width, height, gap] = [28, 89, 112, 56, 4];

const codes = (count: number): Float32Array => {
  const z = new Float32Array(count * 2);
  studioOf(2).random.draws('samples/prior', 0).normal(z);
  return z;
};

describe('samples', () => {
  it('decodes codes of the prior into a grid that is nearly square', async () => {
    const draw = await samples.build({ count: 7, columns: null, show: 'means' }).prepare(studioOf(2));
    const [picture] = await draw(end);
    const png = readPng(picture!.png);
    const z = codes(7);
    for (let i = 0; i < 7; i++) {
      const [x, y] = [left + (i % 3) * (width + gap), top + Math.floor(i / 3) * (height + gap)];
      expect(png.pixel(x, y)[0]).toBe(grey(decodePixel(z[2 * i]!)));
      expect(png.pixel(x + width - 1, y + height - 1)[0]).toBe(grey(decodePixel(z[2 * i + 1]!)));
    }
    expect([png.width, png.height]).toEqual([left * 2 + 3 * width + 2 * gap, top + 3 * height + 2 * gap + 28]);
    expect(picture).toMatchObject({ suffix: '', folder: 'images', svg: null });
    expect(picture!.caption).toContain('after 20 epochs');
  });

  it("decodes codes of the experiment's sampler where it has one, and says so", async () => {
    const fittedCodes = {
      family: 'a mixture of Gaussians',
      draw: (count: number) => Promise.resolve(new Float32Array(2 * count).fill(1.5)),
    };
    const studio = { ...studioOf(2), fittedCodes };
    for (const show of ['means', 'both'] as const) {
      const [picture] = await (await samples.build({ count: 2, columns: 2, show }).prepare(studio))(end);
      const png = readPng(picture!.png);
      for (const x of [left, left + 2 * width + gap - 1])
        expect(png.pixel(x, top + (show === 'both' ? 28 : 0))[0]).toBe(grey(decodePixel(1.5)));
      expect(picture!.caption).toContain('z of a mixture of Gaussians');
      expect(picture!.caption).not.toContain('p(z)');
    }
  });

  it('takes the same codes at each moment', async () => {
    const draw = await samples.build({ count: 4, columns: 4, show: 'both' }).prepare(studioOf(2));
    const [[first], [again], [later]] = [await draw(end), await draw(end), await draw(start)];
    expect(first!.png).toEqual(again!.png);
    expect(later!.caption).toContain('before training');
    const [a, b] = [readPng(first!.png), readPng(later!.png)];
    for (let x = left; x < left + 2 * width; x++) expect(a.pixel(x, 120)).toEqual(b.pixel(x, 120));
  });

  it('draws black and white values as often as the means say', async () => {
    const draw = await samples.build({ count: 400, columns: 20, show: 'draws' }).prepare(studioOf(2));
    const png = readPng((await draw(end))[0]!.png);
    const z = codes(400);
    const expected = z.reduce((sum, value) => sum + Math.min(1, Math.max(0, decodePixel(value))), 0);
    // 20 columns of 2-pixel images are enlarged 28 times.
    let sum = 0;
    for (let i = 0; i < 800; i++) {
      const [image, pixel] = [Math.floor(i / 2), i % 2];
      const value = png.pixel(left + (image % 20) * (56 + gap) + pixel * 28, top + Math.floor(image / 20) * (28 + gap))[0];
      expect([0, 255]).toContain(value);
      sum += value / 255;
    }
    // Four standard deviations of a sum of 800 Bernoulli variables.
    expect(Math.abs(sum - expected)).toBeLessThan(4 * Math.sqrt(800 * 0.25));
  });

  it('shows means and draws of the same codes beside each other', async () => {
    const draw = await samples.build({ count: 4, columns: 2, show: 'both' }).prepare(studioOf(2));
    const png = readPng((await draw(end))[0]!.png);
    const second = left + 2 * width + gap + 20;
    const tops = [113, 113 + height + gap];
    for (const y of tops) expect([0, 255]).toContain(png.pixel(second, y)[0]);
    expect(png.pixel(left, 113)[0]).toBe(grey(decodePixel(codes(4)[0]!)));
    expect(png.pixel(second - 5, 113)[0]).toBe(255);
  });

  it('refuses data that is not of images', () => {
    const plot = samples.build({ count: 4, columns: null, show: 'means' });
    expect(plot.check?.(facts())).toBeNull();
    expect(plot.check?.(facts({ data: null }))).toBeNull();
    expect(plot.check?.(facts({ data: points }))).toMatchObject({ param: null, message: expect.stringContaining('[2]') as string });
    expect(plot.needs).toEqual(['sampleLatent', 'generate']);
  });

  it('draws from p(x|z) only where the model has one', () => {
    const offers = ['sampleLatent', 'generate'] as const;
    const check = (show: 'means' | 'draws' | 'both', given: Parameters<typeof facts>[0]) =>
      samples.build({ count: 4, columns: null, show }).check?.(facts(given));
    expect(check('means', { offers })).toBeNull();
    for (const show of ['draws', 'both'] as const) {
      expect(check(show, { offers })).toMatchObject({ param: 'show', message: expect.stringContaining(show) as string });
      expect(check(show, {})).toBeNull();
    }
  });

  it('shows the same means alone as beside draws', async () => {
    const alone = readPng((await (await samples.build({ count: 4, columns: 2, show: 'means' }).prepare(studioOf(2)))(end))[0]!.png);
    const beside = readPng((await (await samples.build({ count: 4, columns: 2, show: 'both' }).prepare(studioOf(2)))(end))[0]!.png);
    for (let x = left; x < left + 2 * width; x++) expect(alone.pixel(x, top)).toEqual(beside.pixel(x, 113));
  });
});
