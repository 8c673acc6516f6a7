/** Charts: SVG and PNG of one size, cut to what is drawn, with the text that is in them. */
import { describe, expect, it } from 'vitest';
import { drawChart } from '../../../src/components/shared/chart.js';
import { readPng } from '../../support/png.js';

const points = (title: string, axisTitle: string) =>
  drawChart({
    title: { text: title },
    width: 200,
    height: 100,
    data: { values: [{ x: 1, y: 2 }] },
    mark: 'point',
    encoding: { x: { field: 'x', type: 'quantitative', title: axisTitle }, y: { field: 'y', type: 'quantitative', title: null } },
  });

describe('drawChart', () => {
  it('gives a PNG of twice the size of the SVG', async () => {
    const { svg, png } = await points('Title', 'x & y');
    const [, width, height] = /^<svg [^>]*width="(\d+)" height="(\d+)" viewBox/.exec(svg)!;
    const picture = readPng(png);
    expect([picture.width, picture.height]).toEqual([2 * Number(width), 2 * Number(height)]);
    expect(picture.pixel(0, 0)).toEqual([255, 255, 255]);
    expect(svg).toContain('x &amp; y');
    expect(svg.endsWith('</svg>')).toBe(true);
  });

  it('has one margin on all sides, whatever its texts', async () => {
    for (const title of ['T', 'A title that is much wider than the chart below it, and not cut off']) {
      const picture = readPng((await points(title, 'x')).png);
      const { width, height } = picture;
      const isBlank = (region: readonly [number, number, number, number]): boolean => {
        for (let y = region[1]; y < region[3]; y++)
          for (let x = region[0]; x < region[2]; x++) if (picture.pixel(x, y).some((part) => part < 250)) return false;
        return true;
      };
      const [blank, inked] = [44, 56];
      expect(isBlank([0, 0, blank, height]) && isBlank([width - blank, 0, width, height])).toBe(true);
      expect(isBlank([0, 0, width, blank]) && isBlank([0, height - blank, width, height])).toBe(true);
      expect(isBlank([0, 0, inked, height]) || isBlank([width - inked, 0, width, height])).toBe(false);
    }
  });

  it('draws its title, with the font', async () => {
    const [without, withTitle] = [readPng((await points('', 'x')).png), readPng((await points('Title', 'x')).png)];
    expect(withTitle.countDark()).toBeGreaterThan(without.countDark() + 100);
  });
});
