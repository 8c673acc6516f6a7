/**
 * Animated PNG: frames one after the other in one file, which shows its first frame where animations are unknown.
 * Source: PNG Specification (Third Edition), W3C: acTL before the data, then for each frame fcTL and its data, in IDAT for the first and
 * in fdAT for the others; fcTL and fdAT count on in one sequence.
 */
import { crc32 } from 'node:zlib';
import { encodePng, isGrey, type Raster } from './raster.js';

/** White added at the right and below. */
const extend = ({ width, height, rgb }: Raster, toWidth: number, toHeight: number): Raster => {
  if (width === toWidth && height === toHeight) return { width, height, rgb };
  const extended = new Uint8Array(toWidth * toHeight * 3).fill(255);
  for (let y = 0; y < height; y++) extended.set(rgb.subarray(y * width * 3, (y + 1) * width * 3), y * toWidth * 3);
  return { width: toWidth, height: toHeight, rgb: extended };
};

/** Length, type, content, and the checksum of the last two. */
const chunk = (type: string, ...content: readonly Buffer[]): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), ...content]);
  return Buffer.concat([uint32(body.length - 4), body, uint32(crc32(body))]);
};

const uint32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
};
const uint16 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, 2 * i);
  return bytes;
};

const signatureLength = 8;

/** What the chunks of this type hold, in their order. */
const contentOf = (png: Buffer, type: string): Buffer => {
  const contents: Buffer[] = [];
  for (let at = signatureLength; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === type) contents.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return Buffer.concat(contents);
};

export interface Frame {
  readonly raster: Raster;
  readonly milliseconds: number;
}

/**
 * Frames that are played once, or again and again, as one PNG; smaller ones get white at the right and below.
 * @throws Error where there is none.
 */
export const encodeAnimation = async (frames: readonly Frame[], isRepeated: boolean): Promise<Uint8Array> => {
  const [width, height] = [Math.max(...frames.map(({ raster }) => raster.width)), Math.max(...frames.map(({ raster }) => raster.height))];
  const inGrey = frames.every(({ raster }) => isGrey(raster));
  const parts: Buffer[] = [];
  let sequence = 0;
  for (const [i, { raster, milliseconds }] of frames.entries()) {
    const png = Buffer.from(await encodePng(extend(raster, width, height), inGrey));
    if (i === 0) {
      parts.push(png.subarray(0, signatureLength), chunk('IHDR', contentOf(png, 'IHDR')));
      parts.push(chunk('acTL', uint32(frames.length, isRepeated ? 0 : 1)));
    }
    // At 0, 0; for so many thousandths of a second; the next frame is drawn over it.
    parts.push(chunk('fcTL', uint32(sequence++, width, height, 0, 0), uint16(milliseconds, 1000), Buffer.of(0, 0)));
    const data = contentOf(png, 'IDAT');
    parts.push(i === 0 ? chunk('IDAT', data) : chunk('fdAT', uint32(sequence++), data));
  }
  if (parts.length === 0) throw new Error('an animation needs at least one frame');
  return Uint8Array.from(Buffer.concat([...parts, chunk('IEND')]));
};
