/** A window on an image: what padding, cropping and shifting are made of. */
import type { ImageSize } from './image-size.js';
import type { ImageShape } from './transform-facts.js';

/**
 * Copies what an image of `shape` shows through a window of `size` whose first pixel is at (top, left) of the image; either may be
 * negative, and pixels beyond the edges are `fill`.
 */
export const createWindow = ([height, width, channels]: ImageShape, [outHeight, outWidth]: ImageSize, fill: number) => {
  const [inStride, outStride] = [width * channels, outWidth * channels];
  return (example: Float32Array, out: Float32Array, top: number, left: number): void => {
    const [firstRow, endRow] = [Math.max(0, -top), Math.min(outHeight, height - top)];
    const [firstColumn, endColumn] = [Math.max(0, -left), Math.min(outWidth, width - left)];
    if (firstRow > 0 || firstColumn > 0 || endRow < outHeight || endColumn < outWidth) out.fill(fill);
    for (let row = firstRow; row < endRow; row++) {
      const from = (row + top) * inStride + left * channels;
      const to = row * outStride;
      for (let i = firstColumn * channels; i < endColumn * channels; i++) out[to + i] = example[from + i] ?? 0;
    }
  };
};
