/** Text: the font is there, its weights differ, and what is written is drawn. */
import { describe, expect, it } from 'vitest';
import { fontFiles } from '../../../src/components/shared/fonts.js';
import { drawnBox, measureText, rasterize, page, type Text } from '../../../src/components/shared/svg-raster.js';

const text = (changes: Partial<Text> = {}): Text => ({
  x: 20,
  y: 40,
  text: 'ELBO',
  size: 24,
  anchor: 'start',
  color: '#000000',
  weight: 400,
  ...changes,
});

/** How much ink a text of that sort takes. */
const inkOf = async (changes: Partial<Text>): Promise<number> => {
  const { rgba } = await rasterize(page(400, 80, [text(changes)]), 1);
  return rgba.reduce((sum, value, i) => (i % 4 === 0 ? sum + 255 - value : sum), 0) / 255;
};

describe('text', () => {
  it('has its font files', () => {
    expect(fontFiles()).toHaveLength(2);
  });

  it('is drawn, and nothing is drawn without it', async () => {
    expect(await inkOf({})).toBeGreaterThan(100);
    expect(await inkOf({ text: '' })).toBe(0);
  });

  it('has a heavier second weight', async () => {
    expect(await inkOf({ weight: 600 })).toBeGreaterThan(1.15 * (await inkOf({ weight: 400 })));
  });

  it.each(['z₁₂', '−1.5', 'σ', 'Größe', 'a & b < c > "d"'])('has all of %s', async (characters) => {
    // A character that the font lacks would be left out, or be the box that stands for it.
    for (const character of characters.replaceAll(' ', '')) {
      expect(await measureText(text({ text: character }))).toBeGreaterThan(0);
      expect(await inkOf({ text: character })).not.toBe(await inkOf({ text: '\u{10FFFF}' }));
    }
  });

  it('is as wide as it is drawn', async () => {
    const width = await measureText(text({ text: 'Reconstructions' }));
    const box = await drawnBox(page(400, 80, [text({ text: 'Reconstructions' })]).replace(/<rect[^>]*>/, ''));
    expect(width).toBeGreaterThan(150);
    expect(Math.abs(box.width - width)).toBeLessThan(2);
    expect(await measureText(text({ text: 'ReconstructionsReconstructions' }))).toBeGreaterThan(1.9 * width);
  });

  it('is nothing to measure where there is none', async () => {
    expect(await measureText(text({ text: '' }))).toBe(0);
    await expect(drawnBox('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')).rejects.toThrow('empty');
  });
});
