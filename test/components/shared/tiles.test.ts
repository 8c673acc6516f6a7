/** Sheets: where tiles stand, how far they are enlarged, and that labels are really drawn. */
import { describe, expect, it } from 'vitest';
import { drawSheet, tilesOf, type Sheet } from '../../../src/components/shared/tiles.js';
import { readPng } from '../../support/png.js';

/** 2 x 2 images, all of one value each. */
const flat = (...values: readonly number[]): Float32Array => Float32Array.from(values.flatMap((value) => [value, value, value, value]));

const sheet = (changes: Partial<Sheet> = {}): Sheet => ({
  title: '',
  subtitle: '',
  image: { height: 2, width: 2, channels: 1 },
  tiles: tilesOf(flat(0, 0.2, 0.4, 0.6, 0.8, 0), 6),
  rowGroups: [2],
  columnGroups: [3],
  isSpaced: true,
  ...changes,
});

// With neither labels nor words: margin 28, heading 61, then tiles of 112 pixels.
const [left, top, tile] = [28, 89, 112];

describe('drawSheet', () => {
  it('puts tiles in rows and columns, in frames of 4 pixels', async () => {
    const picture = readPng(await drawSheet(sheet()));
    const expected = [
      [0, 51, 102],
      [153, 204, 0],
    ];
    for (const [row, greys] of expected.entries()) {
      for (const [column, grey] of greys.entries()) {
        const [x, y] = [left + column * (tile + 4), top + row * (tile + 4)];
        for (const [dx, dy] of [
          [0, 0],
          [tile - 1, 0],
          [0, tile - 1],
          [tile - 1, tile - 1],
        ] as const) {
          expect(picture.pixel(x + dx, y + dy)).toEqual([grey, grey, grey]);
        }
        expect(picture.pixel(x - 1, y)).toEqual([208, 208, 208]);
        expect(picture.pixel(x + tile + 3, y + tile + 3)).toEqual([208, 208, 208]);
      }
    }
    expect(picture.width).toBe(2 * left + 3 * tile + 2 * 4);
    expect(picture.height).toBe(top + 2 * tile + 4 + 28);
  });

  it('leaves no gap where tiles make one picture', async () => {
    const picture = readPng(await drawSheet(sheet({ isSpaced: false })));
    const line = Array.from({ length: 3 * tile }, (_, x) => picture.pixel(left + x, top)[0]);
    expect(line).toEqual([0, 51, 102].flatMap((grey) => new Array<number>(tile).fill(grey)));
    expect(picture.pixel(left + 3 * tile, top)[0]).toBe(255);
    expect(picture.pixel(left, top + tile)[0]).toBe(153);
  });

  it('puts more room between groups, and leaves the place of a missing tile empty', async () => {
    const tiles = [...tilesOf(flat(0, 0, 0, 0), 4), null, null];
    const picture = readPng(await drawSheet(sheet({ tiles, columnGroups: [1, 2], rowGroups: [1, 1] })));
    expect([4, 15, 16, 19].map((dx) => picture.pixel(left + tile + dx, top)[0])).toEqual([255, 255, 208, 208]);
    expect(picture.pixel(left + tile + 20, top)[0]).toBe(0);
    expect([4, 15, 16, 19].map((dy) => picture.pixel(left, top + tile + dy)[0])).toEqual([255, 255, 208, 208]);
    expect(picture.pixel(left, top + tile + 20)[0]).toBe(0);
    expect(picture.countDark([left + tile + 20, top + tile + 20, picture.width, picture.height])).toBe(0);
  });

  it.each([
    ['28 x 28 fourfold', 28, 25, 5, 4],
    ['20 of them twofold', 28, 400, 20, 2],
    ['large ones not at all', 300, 4, 2, 1],
  ])('enlarges %s', async (_name, size, count, columns, scale) => {
    const image = { height: size, width: size, channels: 1 };
    const tiles = tilesOf(new Float32Array(count * size * size), count);
    const picture = readPng(
      await drawSheet(sheet({ image, tiles, rowGroups: [count / columns], columnGroups: [columns], isSpaced: false })),
    );
    expect(picture.width).toBe(columns * size * scale + 2 * left);
  });

  it('draws the title, and every label beside what it names', async () => {
    const labels = {
      title: 'A title',
      subtitle: 'and more',
      rowLabels: ['first', 'second'],
      columnLabels: ['a', 'b', 'c'],
      groupLabels: ['all'],
      rowTitle: 'z₂',
      columnTitle: 'z₁',
    };
    const picture = readPng(await drawSheet(sheet({ ...labels, tiles: tilesOf(flat(1, 1, 1, 1, 1, 1), 6) })));
    // White tiles: all that is dark is text.
    expect(picture.countDark([0, 20, picture.width, 50])).toBeGreaterThan(150);
    expect(picture.countDark([0, 50, picture.width, 75])).toBeGreaterThan(100);
    expect(picture.countDark([0, 75, picture.width, 115])).toBeGreaterThan(20);
    const rows = picture.countDark([0, 130, 120, 350]);
    expect(rows).toBeGreaterThan(120);
    expect(picture.countDark([0, 345, picture.width, 365])).toBeGreaterThan(40);
    expect(picture.countDark([0, 365, picture.width, picture.height])).toBeGreaterThan(15);
    // Nothing is cut off: the margin stays white on all sides.
    const { width, height } = picture;
    const margins = [
      [0, 0, width, 20],
      [0, 0, 20, height],
      [width - 20, 0, width, height],
      [0, height - 20, width, height],
    ] as const;
    expect(margins.map((region) => picture.countDark(region))).toEqual([0, 0, 0, 0]);
  });

  it('grows with a heading that is wider than the tiles', async () => {
    const narrow = sheet({
      tiles: tilesOf(flat(1), 1),
      rowGroups: [1],
      columnGroups: [1],
      subtitle: 'a subtitle that needs a good deal of room',
    });
    const picture = readPng(await drawSheet(narrow));
    expect(picture.width).toBeGreaterThan(300);
    expect(picture.countDark([picture.width - 28, 0, picture.width, picture.height])).toBe(0);
    expect(picture.countDark([picture.width - 60, 0, picture.width - 28, picture.height])).toBeGreaterThan(0);
  });
});
