/**
 * Structural similarity of two images at several scales, on the host:
 *
 *   MS-SSIM = l_M^w_M prod_j cs_j^w_j,   cs = (2 s_xy + C2) / (s_x^2 + s_y^2 + C2),   l = (2 m_x m_y + C1) / (m_x^2 + m_y^2 + C1)
 *
 * with local means and variances under a Gaussian window of 11 x 11, C1 = (0.01 R)^2, C2 = (0.03 R)^2 for values of range R, averaged over
 * places and channels; each scale halves the image by averages of 2 x 2. Negative cs, of images that are opposites, count as 0.
 * Source: Wang, Simoncelli & Bovik 2003, "Multiscale Structural Similarity for Image Quality Assessment".
 */
import type { ImageShape } from './raster.js';

const weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333] as const;
const windowSize = 11;
const deviation = 1.5;

/** One channel of an image. */
interface Plane {
  readonly values: Float64Array;
  readonly height: number;
  readonly width: number;
}

const createWindow = (size: number): Float64Array => {
  const values = Float64Array.from({ length: size }, (_, i) => Math.exp(-((i - (size - 1) / 2) ** 2) / (2 * deviation ** 2)));
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
};

const windows = Array.from({ length: windowSize + 1 }, (_, size) => createWindow(size));

/** Weighted means of the places where the window fits, by rows and then by columns. */
const blur = ({ values, height, width }: Plane): Float64Array => {
  const [down, across] = [windows[Math.min(windowSize, height)], windows[Math.min(windowSize, width)]];
  if (down === undefined || across === undefined) throw new Error('there is no window of that size');
  const [outHeight, outWidth] = [height - down.length + 1, width - across.length + 1];
  const rows = new Float64Array(height * outWidth);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < outWidth; x++) {
      let sum = 0;
      for (let k = 0; k < across.length; k++) sum += (across[k] ?? 0) * (values[y * width + x + k] ?? 0);
      rows[y * outWidth + x] = sum;
    }
  const out = new Float64Array(outHeight * outWidth);
  for (let y = 0; y < outHeight; y++)
    for (let x = 0; x < outWidth; x++) {
      let sum = 0;
      for (let k = 0; k < down.length; k++) sum += (down[k] ?? 0) * (rows[(y + k) * outWidth + x] ?? 0);
      out[y * outWidth + x] = sum;
    }
  return out;
};

const product = (a: Plane, b: Plane): Plane => ({ ...a, values: a.values.map((value, i) => value * (b.values[i] ?? 0)) });

/** Means over places of the comparison of structure and contrast, and of the same times that of brightness. */
const compare = (a: Plane, b: Plane, range: number): { readonly structure: number; readonly whole: number } => {
  const [c1, c2] = [(0.01 * range) ** 2, (0.03 * range) ** 2];
  const [meansA, meansB, squaresA, squaresB, products] = [blur(a), blur(b), blur(product(a, a)), blur(product(b, b)), blur(product(a, b))];
  let [structure, whole] = [0, 0];
  for (let i = 0; i < meansA.length; i++) {
    const [mA, mB] = [meansA[i] ?? 0, meansB[i] ?? 0];
    const variances = (squaresA[i] ?? 0) - mA * mA + (squaresB[i] ?? 0) - mB * mB;
    const cs = (2 * ((products[i] ?? 0) - mA * mB) + c2) / (variances + c2);
    structure += cs / meansA.length;
    whole += (cs * (2 * mA * mB + c1)) / (mA * mA + mB * mB + c1) / meansA.length;
  }
  return { structure, whole };
};

const halve = ({ values, height, width }: Plane): Plane => {
  const [h, w] = [height >> 1, width >> 1];
  const at = (y: number, x: number): number => values[y * width + x] ?? 0;
  const halved = Float64Array.from({ length: h * w }, (_, i) => {
    const [y, x] = [2 * Math.floor(i / w), 2 * (i % w)];
    return (at(y, x) + at(y, x + 1) + at(y + 1, x) + at(y + 1, x + 1)) / 4;
  });
  return { values: halved, height: h, width: w };
};

const planeOf = (image: Float32Array, { height, width, channels }: ImageShape, channel: number): Plane => ({
  values: Float64Array.from({ length: height * width }, (_, i) => image[i * channels + channel] ?? 0),
  height,
  width,
});

/** Scales at which the window still fits, one at least, five at most. */
const countScales = (height: number, width: number): number => {
  let count = 1;
  for (let side = Math.min(height, width) >> 1; side >= windowSize && count < weights.length; side >>= 1) count++;
  return count;
};

/** 1 for equal images; 0 at the least. */
export const multiScaleSimilarity = (first: Float32Array, second: Float32Array, image: ImageShape, range: number): number => {
  const numScales = countScales(image.height, image.width);
  const used = weights.slice(0, numScales);
  const total = used.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  for (let channel = 0; channel < image.channels; channel++) {
    let [a, b] = [planeOf(first, image, channel), planeOf(second, image, channel)];
    let similarity = 1;
    used.forEach((weight, scale) => {
      const { structure, whole } = compare(a, b, range);
      similarity *= Math.max(0, scale === numScales - 1 ? whole : structure) ** (weight / total);
      if (scale < numScales - 1) [a, b] = [halve(a), halve(b)];
    });
    sum += similarity;
  }
  return sum / image.channels;
};
