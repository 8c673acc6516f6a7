/**
 * PNG and JPEG files as bytes, through sharp (libvips). Every image is decoded as 8-bit sRGB with opacity and upright, whatever it is
 * stored as (palette, 16 bit, grey, CMYK, EXIF orientation), and brought to the channels that are asked for here: sharp's own
 * grey is a mean of linear light, and not what data sets are made with.
 */
import type { Sharp, SharpConstructor, SharpOptions } from 'sharp';
import { DataError, reasonOf } from './data-error.js';
import type { ImageSize } from './image-size.js';
import { lumaOf } from './luma.js';

export const fits = ['cover', 'contain', 'stretch'] as const;
export type Fit = (typeof fits)[number];

/** What decoding is to give; null where the file decides. */
export interface Wanted {
  readonly size: ImageSize | null;
  readonly channels: number | null;
  readonly fit: Fit;
}

export interface DecodedImage {
  readonly size: ImageSize;
  readonly channels: number;
  /** [height, width, channels] */
  readonly pixels: Uint8Array;
}

export type Decode = (bytes: Uint8Array, file: string, wanted: Wanted) => Promise<DecodedImage>;

const signatures: readonly (readonly number[])[] = [
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
];
const isKnownFormat = (bytes: Uint8Array): boolean => signatures.some((start) => start.every((byte, i) => bytes[i] === byte));

/** `error` lets pass what decoders merely warn of, and ends at files that are cut off. */
const options: SharpOptions = { failOn: 'error', pages: 1 };

const isGrey = (space: string | undefined): boolean => space === 'b-w' || space === 'grey16';

/** Grey or colours, each with or without opacity: 1 to 4. */
const channelsOf = async (image: Sharp): Promise<number> => {
  const { space, hasAlpha } = await image.metadata();
  return (isGrey(space) ? 1 : 3) + (hasAlpha ? 1 : 0);
};

/** What one pixel, given as RGBA, becomes: where opacity is not asked for, the image lies on black. */
const converters: Readonly<Record<number, (rgba: Uint8Array, from: number, out: Uint8Array, to: number) => void>> = {
  1: (rgba, from, out, to) => {
    out[to] = Math.round((greyAt(rgba, from) * (rgba[from + 3] ?? 0)) / 255);
  },
  2: (rgba, from, out, to) => {
    out[to] = Math.round(greyAt(rgba, from));
    out[to + 1] = rgba[from + 3] ?? 0;
  },
  3: (rgba, from, out, to) => {
    const alpha = rgba[from + 3] ?? 0;
    for (let c = 0; c < 3; c++) out[to + c] = Math.round(((rgba[from + c] ?? 0) * alpha) / 255);
  },
};
const greyAt = (rgba: Uint8Array, at: number): number => lumaOf(rgba[at] ?? 0, rgba[at + 1] ?? 0, rgba[at + 2] ?? 0);

const convert = (rgba: Uint8Array, channels: number): Uint8Array => {
  const converter = converters[channels];
  if (converter === undefined) return rgba;
  const out = new Uint8Array((rgba.length / 4) * channels);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += channels) converter(rgba, from, out, to);
  return out;
};

const sharpFits = { cover: 'cover', contain: 'contain', stretch: 'fill' } as const;
const transparent = { r: 0, g: 0, b: 0, alpha: 0 };

const decodeWith =
  (sharp: SharpConstructor): Decode =>
  async (bytes, file, { size, channels, fit }) => {
    if (bytes.length === 0) throw new DataError('bad-image', { file, reason: 'it is empty' });
    if (!isKnownFormat(bytes)) throw new DataError('bad-image', { file, reason: 'it begins neither as a PNG nor as a JPEG file does' });
    try {
      const image = sharp(bytes, options).autoOrient();
      const numChannels = channels ?? (await channelsOf(image));
      if (size !== null) image.resize(size[1], size[0], { fit: sharpFits[fit], background: transparent });
      const { data, info } = await image.ensureAlpha().toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
      return { size: [info.height, info.width], channels: numChannels, pixels: convert(data, numChannels) };
    } catch (error) {
      // libvips says the same several times over, line by line.
      throw new DataError('bad-image', { file, reason: reasonOf(error).split('\n')[0] ?? '' });
    }
  };

/**
 * Loads the decoder. Images are decoded side by side, one thread for each, and nothing is cached: no image is read twice.
 * @param load For tests: how sharp is loaded.
 * @throws DataError no-image-decoder
 */
export const openDecoder = async (load: () => Promise<{ readonly default: SharpConstructor }> = () => import('sharp')): Promise<Decode> => {
  let sharp: SharpConstructor;
  try {
    ({ default: sharp } = await load());
  } catch (error) {
    throw new DataError('no-image-decoder', { reason: reasonOf(error).split('\n')[0] ?? '' });
  }
  sharp.cache(false);
  sharp.concurrency(1);
  return decodeWith(sharp);
};
