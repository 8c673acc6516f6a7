import { describe, expect, it } from 'vitest';
import { binarizeImages, readBinaryImage, readImage, type Images } from '../../../src/components/shared/images.js';

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

describe('binarizeImages', () => {
  it.each([
    Uint8Array.of(0, 51, 102, 255, 1, 2, 3, 4, 10, 20, 30, 40),
    Float32Array.of(0, 0.2, 0.4, 1, 0.1, 0.2, 0.3, 0.4, 0.1, 0.2, 0.3, 0.4),
  ])('changes the given rows and no others: %s', (pixels) => {
    const before = pixels.slice();
    const seen: number[] = [];
    binarizeImages(images(pixels), Int32Array.of(2, 0), 100, (values, index) => {
      seen.push(index);
      values.fill(index === 102 ? 1 : 0);
    });
    expect(seen).toEqual([102, 100]);
    expect([...pixels.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
    expect(pixels.subarray(4, 8)).toEqual(before.subarray(4, 8));
    expect([...pixels.subarray(8)]).toEqual([1, 1, 1, 1]);
    const x = new Float32Array(5).fill(-1);
    readBinaryImage(images(pixels), 2, 4, x, 0);
    expect([...x]).toEqual([1, 1, 1, 1, -1]);
  });
});
