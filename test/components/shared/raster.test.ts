/** Images drawn into a raster, pixel by pixel, and their PNG. */
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { drawImage, encodePng, toImageShape, toRaster, type Raster } from '../../../src/components/shared/raster.js';

const white = (width: number, height: number): Raster => ({ width, height, rgb: new Uint8Array(width * height * 3).fill(255) });
const pixel = ({ rgb, width }: Raster, x: number, y: number): number[] => [...rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];

describe('drawImage', () => {
  it('enlarges each pixel to a square at its place and leaves the rest alone', () => {
    const raster = white(10, 8);
    drawImage(raster, { left: 2, top: 1, scale: 3 }, Float32Array.of(9, 0, 0.2, 0.6, 1), 1, { height: 2, width: 2, channels: 1 });
    const column = (x: number): number[] => Array.from({ length: 8 }, (_, y) => pixel(raster, x, y)[0]!);
    for (const x of [0, 1, 8, 9]) expect(column(x)).toEqual(new Array(8).fill(255));
    for (const x of [2, 3, 4]) expect(column(x)).toEqual([255, 0, 0, 0, 153, 153, 153, 255]);
    for (const x of [5, 6, 7]) expect(column(x)).toEqual([255, 51, 51, 51, 255, 255, 255, 255]);
  });

  it.each([
    ['grey', [0.2], [51, 51, 51]],
    ['grey with alpha, on white', [0, 0.8], [51, 51, 51]],
    ['RGB', [0, 0.2, 1], [0, 51, 255]],
    ['RGBA, on white', [1, 0, 0, 0.6], [255, 102, 102]],
    ['values out of [0, 1], clipped', [-3, 7, 0.4], [0, 255, 102]],
    ['what is no number, as black', [NaN], [0, 0, 0]],
  ])('draws %s', (_name, values, expected) => {
    const raster = white(1, 1);
    drawImage(raster, { left: 0, top: 0, scale: 1 }, Float32Array.from(values), 0, { height: 1, width: 1, channels: values.length });
    expect(pixel(raster, 0, 0)).toEqual(expected);
  });
});

describe('toImageShape', () => {
  it('takes height, width and 1 to 4 channels', () => {
    expect(toImageShape([28, 20, 3])).toEqual({ height: 28, width: 20, channels: 3 });
    expect([[2], [784], [28, 28], [28, 28, 5], [28, 0, 1], [1, 2, 3, 4], []].map(toImageShape)).toEqual(new Array(7).fill(null));
  });
});

describe('encodePng', () => {
  it('keeps every pixel, with one channel where there is no colour and three where there is', async () => {
    const grey = white(3, 2);
    grey.rgb.set([7, 7, 7], 3);
    const decodedGrey = decode(await encodePng(grey));
    expect([decodedGrey.width, decodedGrey.height, decodedGrey.channels]).toEqual([3, 2, 1]);
    expect([...decodedGrey.data]).toEqual([255, 7, 255, 255, 255, 255]);
    const colored = white(3, 2);
    colored.rgb.set([7, 8, 9], 3);
    const decoded = decode(await encodePng(colored));
    expect(decoded.channels).toBe(3);
    expect([...decoded.data]).toEqual([...colored.rgb]);
  });
});

describe('toRaster', () => {
  it('leaves out alpha', () => {
    expect(toRaster({ width: 2, height: 1, rgba: Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255) })).toEqual({
      width: 2,
      height: 1,
      rgb: Uint8Array.of(1, 2, 3, 4, 5, 6),
    });
  });
});
