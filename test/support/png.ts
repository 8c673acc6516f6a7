/** What is in a PNG: its size, single pixels, and how much of a region is dark. */
import { decode } from 'fast-png';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue. */
  pixel(x: number, y: number): readonly [number, number, number];
  /** Pixels darker than mid-grey, of a region given as [left, top, right, bottom] (without the last). */
  countDark(region?: readonly [number, number, number, number]): number;
}

export const readPng = (png: Uint8Array): Picture => {
  const { width, height, channels, data } = decode(png);
  const value = (x: number, y: number, k: number): number => data[(y * width + x) * channels + (channels < 3 ? 0 : k)]!;
  const pixel = (x: number, y: number): readonly [number, number, number] => [value(x, y, 0), value(x, y, 1), value(x, y, 2)];
  return {
    width,
    height,
    pixel,
    countDark: ([left, top, right, bottom] = [0, 0, width, height]) => {
      let count = 0;
      for (let y = top; y < bottom; y++)
        for (let x = left; x < right; x++) if (pixel(x, y).reduce((sum, part) => sum + part, 0) < 3 * 128) count++;
      return count;
    },
  };
};
