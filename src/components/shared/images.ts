/** Images in memory, read as float32 in [0, 1]. The inner loops here run for every pixel of every batch. */
import type { Shape } from '../../registry/contracts/index.js';
import type { ChangeExample } from './binarize.js';

/** The images of one file. */
export interface Images {
  /** Where they come from, for messages. */
  readonly file: string;
  readonly count: number;
  /** Of one image, channels last. */
  readonly shape: Shape;
  /** [count, ...shape], row-major; bytes stand for k / 255, floats for themselves. */
  readonly pixels: Uint8Array | Float32Array;
}

export const sizeOf = ({ shape }: Images): number => shape.reduce((product, dim) => product * dim, 1);

const unitOfByte = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

const readBytes = (pixels: Uint8Array, from: number, x: Float32Array, to: number, size: number): void => {
  for (let i = 0; i < size; i++) x[to + i] = unitOfByte[pixels[from + i] ?? 0] ?? 0;
};

/** Writes image `row` to x[to...]. */
export const readImage = ({ pixels }: Images, row: number, size: number, x: Float32Array, to: number): void => {
  if (pixels instanceof Uint8Array) readBytes(pixels, row * size, x, to, size);
  else x.set(pixels.subarray(row * size, (row + 1) * size), to);
};

/** The same for an image that `binarizeImages` has changed: seven times faster, as nothing is looked up. */
export const readBinaryImage = ({ pixels }: Images, row: number, size: number, x: Float32Array, to: number): void => {
  x.set(pixels.subarray(row * size, (row + 1) * size), to);
};

/** Makes the images `rows` binary where they stand, for good: bytes then hold 0 and 1 themselves. `change` gives zeros and ones. */
export const binarizeImages = (images: Images, rows: Int32Array, firstIndex: number, change: ChangeExample): void => {
  const { pixels } = images;
  const size = sizeOf(images);
  const values = new Float32Array(size);
  for (const row of rows) {
    readImage(images, row, size, values, 0);
    change(values, firstIndex + row);
    pixels.set(values, row * size);
  }
};
