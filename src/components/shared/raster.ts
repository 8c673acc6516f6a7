/** Pixels that images are drawn into, and their PNG. */
import type { Shape, Values } from '../../registry/contracts/index.js';
import type { Pixels } from './svg-raster.js';

/** [height, width, 3], 8 bits a channel. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** An opaque page as a raster. */
export const toRaster = ({ width, height, rgba }: Pixels): Raster => {
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = rgba[from] ?? 0;
    rgb[to + 1] = rgba[from + 1] ?? 0;
    rgb[to + 2] = rgba[from + 2] ?? 0;
  }
  return { width, height, rgb };
};

/** [height, width, channels] of one image: grey, grey and alpha, RGB or RGBA, as in PNG. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Null for data that is not of images. */
export const toImageShape = (shape: Shape): ImageShape | null => {
  const [height, width, channels] = shape;
  if (shape.length !== 3 || height === undefined || width === undefined || channels === undefined) return null;
  return height < 1 || width < 1 || channels < 1 || channels > 4 ? null : { height, width, channels };
};

/** 0 is black, 1 is white; what lies outside is clipped, and what is no number is black. */
const toByte = (value: number): number => (value >= 1 ? 255 : value > 0 ? Math.round(value * 255) : 0);

/** The colour of the pixel that starts at `values[at]`, on white where it lets light through. */
const readPixel = (values: Values, at: number, channels: number, color: Uint8Array): void => {
  const isGrey = channels < 3;
  const alpha = channels % 2 === 0 ? Math.min(1, Math.max(0, values[at + channels - 1] ?? 0)) : 1;
  for (let k = 0; k < 3; k++) color[k] = toByte(alpha * Math.min(1, Math.max(0, values[at + (isGrey ? 0 : k)] ?? 0)) + 1 - alpha);
};

export interface Placement {
  /** The upper left corner. */
  readonly left: number;
  readonly top: number;
  /** Pixels of the raster for one of the image's, each way. */
  readonly scale: number;
}

/** Draws the image that starts at `values[offset]`, row-major. */
export const drawImage = (raster: Raster, { left, top, scale }: Placement, values: Values, offset: number, shape: ImageShape): void => {
  const { height, width, channels } = shape;
  const color = new Uint8Array(3);
  const line = new Uint8Array(width * scale * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      readPixel(values, offset + (y * width + x) * channels, channels, color);
      for (let i = 0; i < scale; i++) line.set(color, (x * scale + i) * 3);
    }
    for (let i = 0; i < scale; i++) raster.rgb.set(line, ((top + y * scale + i) * raster.width + left) * 3);
  }
};

/** Whether nothing has a colour. */
export const isGrey = ({ rgb }: Raster): boolean => {
  for (let i = 0; i < rgb.length; i += 3) if (rgb[i] !== rgb[i + 1] || rgb[i] !== rgb[i + 2]) return false;
  return true;
};

/** PNG with 8 bits a channel: one channel for a raster that is told to be grey, otherwise three. */
export const encodePng = async (raster: Raster, inGrey: boolean = isGrey(raster)): Promise<Uint8Array> => {
  const { encode } = await import('fast-png');
  const { width, height, rgb } = raster;
  if (!inGrey) return encode({ width, height, channels: 3, data: rgb });
  const grey = Uint8Array.from({ length: width * height }, (_, i) => rgb[3 * i] ?? 0);
  return encode({ width, height, channels: 1, data: grey });
};

/** The raster of a PNG that `encodePng` made. */
export const decodePng = async (png: Uint8Array): Promise<Raster> => {
  const { decode } = await import('fast-png');
  const { width, height, channels, data } = decode(png);
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < rgb.length; i++) rgb[i] = data[channels === 3 ? i : Math.floor(i / 3)] ?? 0;
  return { width, height, rgb };
};
