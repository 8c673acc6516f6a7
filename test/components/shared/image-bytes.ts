/** Image files for tests. */
import { encode } from 'fast-png';
import sharp, { type Sharp } from 'sharp';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A PNG file of 8 bits, or of 16 where the values are given so. */
export const png = (width: number, height: number, channels: number, data: readonly number[] | Uint16Array): Uint8Array =>
  encode({
    width,
    height,
    channels,
    ...(data instanceof Uint16Array ? { data, depth: 16 } : { data: Uint8Array.from(data), depth: 8 }),
  });

/** A grey PNG file of one value. */
export const plain = (width: number, height: number, value: number): Uint8Array =>
  png(
    width,
    height,
    1,
    Array.from({ length: width * height }, () => value),
  );

/** What sharp is to write of raw pixels. */
export const raw = (width: number, height: number, channels: 1 | 2 | 3 | 4, data: readonly number[]): Sharp =>
  sharp(Uint8Array.from(data), { raw: { width, height, channels } });

/** Fills a folder with files by their paths in it; folders are made as needed. */
export const fill = (folder: string, files: Readonly<Record<string, Uint8Array | string>>): string => {
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return folder;
};
