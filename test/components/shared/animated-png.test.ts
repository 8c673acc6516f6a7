/** Animations, read back by a decoder that knows the format. */
import { decode, decodeApng } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { encodeAnimation } from '../../../src/components/shared/animated-png.js';
import type { Raster } from '../../../src/components/shared/raster.js';

const plain = (width: number, height: number, [r, g, b]: readonly [number, number, number]): Raster => ({
  width,
  height,
  rgb: Uint8Array.from({ length: width * height * 3 }, (_, i) => [r, g, b][i % 3]!),
});

describe('encodeAnimation', () => {
  it('keeps every pixel of every frame, their times, and how often they are played', async () => {
    const frames = [
      { raster: plain(3, 2, [255, 0, 0]), milliseconds: 100 },
      { raster: plain(3, 2, [0, 255, 0]), milliseconds: 250 },
      { raster: plain(3, 2, [1, 2, 3]), milliseconds: 60_000 },
    ];
    const decoded = decodeApng(await encodeAnimation(frames, true), { checkCrc: true });
    expect(decoded).toMatchObject({ width: 3, height: 2, channels: 3, numberOfFrames: 3, numberOfPlays: 0 });
    expect(decoded.frames.map(({ delayNumber, delayDenominator }) => [delayNumber, delayDenominator])).toEqual([
      [100, 1000],
      [250, 1000],
      [60_000, 1000],
    ]);
    for (const [i, { data }] of decoded.frames.entries()) expect([...data]).toEqual([...frames[i]!.raster.rgb]);
    expect(decodeApng(await encodeAnimation(frames, false)).numberOfPlays).toBe(1);
  });

  it('shows its first frame where animations are unknown', async () => {
    const frames = [10, 20].map((grey) => ({ raster: plain(2, 2, [grey, grey, grey]), milliseconds: 20 }));
    const { data, channels } = decode(await encodeAnimation(frames, true));
    expect(channels).toBe(1);
    expect([...data]).toEqual([10, 10, 10, 10]);
  });

  it('counts frames and their data on in one sequence, from 0', async () => {
    const frames = [1, 2, 3].map((grey) => ({ raster: plain(1, 1, [grey, grey, grey]), milliseconds: 20 }));
    const png = Buffer.from(await encodeAnimation(frames, true));
    const types: string[] = [];
    const sequence: number[] = [];
    for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
      const type = png.toString('latin1', at + 4, at + 8);
      types.push(type);
      if (type === 'fcTL' || type === 'fdAT') sequence.push(png.readUInt32BE(at + 8));
    }
    expect(types).toEqual(['IHDR', 'acTL', 'fcTL', 'IDAT', 'fcTL', 'fdAT', 'fcTL', 'fdAT', 'IEND']);
    expect(sequence).toEqual([0, 1, 2, 3, 4]);
  });

  it('gives smaller frames white at the right and below, and colour to grey ones among others', async () => {
    const frames = [
      { raster: plain(1, 1, [0, 0, 0]), milliseconds: 20 },
      { raster: plain(2, 2, [9, 8, 7]), milliseconds: 20 },
    ];
    const decoded = decodeApng(await encodeAnimation(frames, true));
    expect([...decoded.frames[0]!.data]).toEqual([0, 0, 0, ...new Array<number>(9).fill(255)]);
    expect([...decoded.frames[1]!.data]).toEqual([9, 8, 7, 9, 8, 7, 9, 8, 7, 9, 8, 7]);
  });

  it('refuses to be empty', async () => {
    await expect(encodeAnimation([], true)).rejects.toThrow('at least one frame');
  });
});
