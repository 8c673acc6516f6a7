import { describe, expect, it } from 'vitest';
import { changeImages, readImage, sizeOf, type Images } from '../../../src/components/shared/images.js';

const images = (pixels: Uint8Array | Float32Array): Images => ({ file: 'a', count: pixels.length / 4, shape: [2, 2, 1], pixels });

describe('readImage', () => {
  it('gives each byte k as the float32 nearest to k / 255', () => {
    const x = new Float32Array(256);
    readImage({ file: 'a', count: 1, shape: [16, 16, 1], pixels: Uint8Array.from({ length: 256 }, (_, k) => k) }, 0, 256, x, 0);
    expect(x).toEqual(Float32Array.from({ length: 256 }, (_, k) => k / 255));
  });

  it('gives floats as they are, and writes nothing else', () => {
    const x = new Float32Array(6).fill(-1);
    readImage(images(Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)), 1, 4, x, 1);
    expect(x).toEqual(Float32Array.of(-1, 0.5, 0.6, 0.7, 0.8, -1));
  });
});

describe('changeImages', () => {
  it.each([
    Uint8Array.of(0, 51, 102, 255, 1, 2, 3, 4, 10, 20, 30, 40),
    Float32Array.of(0, 0.2, 0.4, 1, 0.1, 0.2, 0.3, 0.4, 0.1, 0.2, 0.3, 0.4),
  ])('changes the given rows and no others: %s', (pixels) => {
    const before = pixels.slice();
    const seen: number[] = [];
    changeImages(images(pixels), Int32Array.of(2, 0), 100, (values, index) => {
      seen.push(index);
      values.fill(index === 102 ? 1 : 0);
    });
    expect(seen).toEqual([102, 100]);
    expect([...pixels.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
    expect(pixels.subarray(4, 8)).toEqual(before.subarray(4, 8));
    expect(new Set(pixels.subarray(8))).toEqual(new Set([pixels instanceof Uint8Array ? 255 : 1]));
  });

  it('gives every byte back when nothing is changed', () => {
    const all: Images = { file: 'a', count: 1, shape: [16, 16, 1], pixels: Uint8Array.from({ length: 256 }, (_, k) => k) };
    changeImages(all, Int32Array.of(0), 0, () => undefined);
    expect([...all.pixels]).toEqual(Array.from({ length: 256 }, (_, k) => k));
    expect(sizeOf(all)).toBe(256);
  });
});
