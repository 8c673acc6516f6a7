import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openDecoder, type DecodedImage, type Wanted } from '../../../src/components/shared/image-decoder.js';
import { plain, png, raw } from './image-bytes.js';
import { dataErrorOf, problem } from './rejection.js';

const asItIs: Wanted = { size: null, channels: null, fit: 'cover' };
const decode = async (bytes: Uint8Array, wanted: Partial<Wanted> = {}): Promise<DecodedImage> =>
  (await openDecoder())(bytes, 'a.png', { ...asItIs, ...wanted });
const pixelsOf = async (bytes: Uint8Array, wanted: Partial<Wanted> = {}): Promise<readonly number[]> => [
  ...(await decode(bytes, wanted)).pixels,
];
const isNear = (values: readonly number[], expected: readonly number[], tolerance: number): void => {
  expect(values).toHaveLength(expected.length);
  values.forEach((value, i) => expect(Math.abs(value - (expected[i] ?? NaN)), values.join()).toBeLessThanOrEqual(tolerance));
};

describe('decoding a file as it is', () => {
  it.each([
    { what: 'grey', bytes: png(2, 1, 1, [0, 200]), channels: 1, pixels: [0, 200] },
    { what: 'grey with opacity', bytes: png(2, 1, 2, [100, 255, 200, 0]), channels: 2, pixels: [100, 255, 200, 0] },
    { what: 'colours', bytes: png(1, 2, 3, [1, 2, 3, 250, 251, 252]), channels: 3, pixels: [1, 2, 3, 250, 251, 252] },
    { what: 'colours with opacity', bytes: png(1, 1, 4, [10, 20, 30, 40]), channels: 4, pixels: [10, 20, 30, 40] },
    { what: 'grey of 16 bits', bytes: png(2, 1, 1, Uint16Array.of(0x8000, 0xffff)), channels: 1, pixels: [128, 255] },
    { what: 'colours of 16 bits', bytes: png(1, 1, 3, Uint16Array.of(0x1234, 0, 0xc000)), channels: 3, pixels: [18, 0, 192] },
  ])('gives the bytes of a PNG of $what', async ({ bytes, channels, pixels }) => {
    const image = await decode(bytes);
    expect(image.channels).toBe(channels);
    expect([...image.pixels]).toEqual(pixels);
  });

  it('looks colours of a palette up', async () => {
    const bytes = await raw(2, 1, 3, [255, 0, 0, 0, 0, 255]).png({ palette: true, colours: 2 }).toBuffer();
    expect((await sharp(bytes).metadata()).isPalette).toBe(true);
    expect(await pixelsOf(bytes)).toEqual([255, 0, 0, 0, 0, 255]);
    const clear = await raw(2, 1, 4, [9, 8, 7, 255, 0, 0, 0, 0]).png({ palette: true, colours: 2 }).toBuffer();
    expect(await decode(clear)).toMatchObject({ channels: 4 });
    // What colour lies below nothing is the file's business; on black it is gone.
    expect(await pixelsOf(clear, { channels: 3 })).toEqual([9, 8, 7, 0, 0, 0]);
  });

  it('reads JPEG: grey, colours and the colours of printers', async () => {
    const grey = await decode(
      await raw(
        8,
        8,
        1,
        Array.from({ length: 64 }, () => 180),
      )
        .toColourspace('b-w')
        .jpeg({ quality: 100 })
        .toBuffer(),
    );
    expect(grey).toMatchObject({ size: [8, 8], channels: 1 });
    isNear(
      [...grey.pixels],
      Array.from({ length: 64 }, () => 180),
      1,
    );
    const red = raw(1, 1, 3, [250, 10, 10]).resize(8, 8);
    const colours = await decode(await red.clone().jpeg({ quality: 100 }).toBuffer());
    expect(colours.channels).toBe(3);
    isNear([...colours.pixels.subarray(0, 3)], [250, 10, 10], 3);
    const printed = await decode(await red.clone().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer());
    expect(printed.channels).toBe(3);
    expect(printed.pixels[0]).toBeGreaterThan(200);
    expect(printed.pixels[1]).toBeLessThan(60);
  });

  it('turns an image upright', async () => {
    // Orientation 6: the camera lay on its side, what is stored as the first row is the right-hand column.
    const bytes = await raw(2, 1, 3, [255, 255, 255, 0, 0, 0]).withMetadata({ orientation: 6 }).png().toBuffer();
    const image = await decode(bytes);
    expect(image.size).toEqual([2, 1]);
    expect([...image.pixels]).toEqual([255, 255, 255, 0, 0, 0]);
  });
});

describe('decoding to channels', () => {
  const colour = png(1, 1, 4, [200, 100, 50, 51]);
  it.each([
    // By hand: 0.299 * 200 + 0.587 * 100 + 0.114 * 50 = 124.2, and a fifth of everything where it lies on black.
    { channels: 1, expected: [25] },
    { channels: 2, expected: [124, 51] },
    { channels: 3, expected: [40, 20, 10] },
    { channels: 4, expected: [200, 100, 50, 51] },
  ])('gives $channels', async ({ channels, expected }) => {
    expect(await pixelsOf(colour, { channels })).toEqual(expected);
  });

  it('repeats grey for colours, and leaves every grey exactly as it is', async () => {
    expect(await pixelsOf(plain(1, 1, 77), { channels: 3 })).toEqual([77, 77, 77]);
    expect(await pixelsOf(plain(1, 1, 77), { channels: 4 })).toEqual([77, 77, 77, 255]);
    const all = Array.from({ length: 256 }, (_, byte) => byte);
    expect(await pixelsOf(png(16, 16, 1, all), { channels: 1 })).toEqual(all);
    expect(
      await pixelsOf(
        png(
          16,
          16,
          3,
          all.flatMap((byte) => [byte, byte, byte]),
        ),
        { channels: 1 },
      ),
    ).toEqual(all);
  });
});

describe('decoding to a size', () => {
  // Dark, light, light, dark: 4 wide, 2 high.
  const wide = png(4, 2, 1, [0, 255, 255, 0, 0, 255, 255, 0]);
  it('cuts off, puts on black or distorts', async () => {
    expect(await pixelsOf(wide, { size: [2, 2], fit: 'cover' })).toEqual([255, 255, 255, 255]);
    const whole = await pixelsOf(wide, { size: [4, 4], fit: 'contain' });
    expect(whole).toEqual([0, 0, 0, 0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 0, 0, 0]);
    const distorted = await pixelsOf(wide, { size: [2, 1], fit: 'stretch' });
    expect(distorted[0]).toBeGreaterThan(100);
    expect(distorted[0]).toBeLessThan(160);
  });

  it('takes height before width, and pads opacity with nothing', async () => {
    expect(await decode(wide, { size: [3, 5] })).toMatchObject({ size: [3, 5], channels: 1 });
    expect(await pixelsOf(png(1, 1, 4, [9, 9, 9, 255]), { size: [1, 3], fit: 'contain' })).toEqual([0, 0, 0, 0, 9, 9, 9, 255, 0, 0, 0, 0]);
  });
});

describe('files that cannot be decoded', () => {
  const noisy = png(
    32,
    32,
    1,
    Array.from({ length: 1024 }, (_, i) => (i * i * 7919) % 256),
  );
  it.each([
    { what: 'nothing', bytes: new Uint8Array(0) },
    { what: 'text', bytes: Buffer.from('not an image') },
    { what: 'another format', bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>') },
    { what: 'half a PNG', bytes: noisy.subarray(0, noisy.length / 2) },
    { what: 'the first bytes of a PNG', bytes: noisy.subarray(0, 12) },
    { what: 'a PNG with a byte changed', bytes: noisy.map((byte, i) => (i === noisy.length >> 1 ? byte ^ 0xff : byte)) },
  ])('are named: $what', async ({ bytes }) => {
    const error = await dataErrorOf(() => decode(bytes));
    expect(error).toMatchObject(problem('bad-image', { file: 'a.png' }));
    expect(error.message).not.toContain('undefined');
  });

  it('includes half a JPEG', async () => {
    const bytes = await raw(
      32,
      32,
      1,
      Array.from({ length: 1024 }, (_, i) => (i * 7919) % 256),
    )
      .jpeg()
      .toBuffer();
    expect(await dataErrorOf(() => decode(bytes.subarray(0, bytes.length / 2)))).toMatchObject(problem('bad-image', { file: 'a.png' }));
  });
});

describe('openDecoder', () => {
  it('says what to do where sharp is not there', async () => {
    const error = await dataErrorOf(() => openDecoder(() => Promise.reject(new Error('Could not load the "sharp" module\nmore'))));
    expect(error).toMatchObject(problem('no-image-decoder', { reason: 'Could not load the "sharp" module' }));
  });

  it('keeps nothing in memory', async () => {
    await decode(plain(4, 4, 1));
    expect(sharp.cache().items.max).toBe(0);
    expect(sharp.concurrency()).toBe(1);
  });
});
