/** Figures of single images on the host. */
import type { ImageShape } from './raster.js';

/** Variance of the Laplacian over the inner pixels and the channels of the image that starts at `from`; 0 for one without inner pixels. */
export const laplacianVariance = (images: Float32Array, from: number, { height, width, channels }: ImageShape): number => {
  const [right, down] = [channels, width * channels];
  let [sum, squares, count] = [0, 0, 0];
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++)
      for (let c = 0; c < channels; c++) {
        const at = from + y * down + x * right + c;
        const around = (images[at - down] ?? 0) + (images[at + down] ?? 0) + (images[at - right] ?? 0) + (images[at + right] ?? 0);
        const value = around - 4 * (images[at] ?? 0);
        sum += value;
        squares += value * value;
        count++;
      }
  return count === 0 ? 0 : Math.max(0, squares / count - (sum / count) ** 2);
};
