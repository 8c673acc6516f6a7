import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseImages, parseLabels } from '../../../src/components/shared/idx.js';
import { idxBytes, ramp } from './idx-bytes.js';
import { dataErrorOf, problem } from './rejection.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('images of an IDX file', () => {
  it('have their axes, channels last, and their bytes', () => {
    expect(parseImages(idxBytes([3, 2, 4], ramp(24)), 'a')).toEqual({
      file: 'a',
      count: 3,
      shape: [2, 4, 1],
      pixels: Uint8Array.from(ramp(24)),
    });
    expect(parseImages(idxBytes([2, 2, 2, 3], ramp(24)), 'a').shape).toEqual([2, 2, 3]);
    expect(parseImages(idxBytes([12, 2], ramp(24)), 'a').shape).toEqual([2]);
  });

  it('are any bytes, whatever the size', () => {
    const size = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(size, size, size, fc.infiniteStream(fc.nat({ max: 255 })), (count, height, width, stream) => {
        const pixels = [...stream.take(count * height * width)];
        expect([...parseImages(idxBytes([count, height, width], pixels), 'a').pixels]).toEqual(pixels);
      }),
    );
  });

  it('may be parsed from the middle of a buffer', () => {
    const file = idxBytes([1, 2, 2], [9, 8, 7, 6]);
    const padded = new Uint8Array(file.length + 5);
    padded.set(file, 5);
    expect([...parseImages(padded.subarray(5), 'a').pixels]).toEqual([9, 8, 7, 6]);
  });

  it.each(['float32', 'float64'] as const)('may be of the type %s', (type) => {
    expect(parseImages(idxBytes([1, 2, 2], [0, 0.25, 0.1, 1], type), 'a').pixels).toEqual(Float32Array.of(0, 0.25, 0.1, 1));
  });

  it.each([-0.001, 1.001, NaN, Infinity])('may not hold the float %d', async (value) => {
    const error = await dataErrorOf(() => parseImages(idxBytes([1, 1, 2], [0, value], 'float64'), 'a'));
    expect(error).toMatchObject(problem('value-out-of-range', { index: 1 }));
  });
});

describe('labels of an IDX file', () => {
  it.each(['uint8', 'int8', 'int16', 'int32'] as const)('may be of the type %s', (type) => {
    expect(parseLabels(idxBytes([4], [0, 9, 3, 127], type), 'a')).toEqual(Int32Array.of(0, 9, 3, 127));
  });

  it('are read high byte first', () => {
    expect(parseLabels(idxBytes([2], [258, 70_000], 'int32'), 'a')).toEqual(Int32Array.of(258, 70_000));
  });
});

describe('a file is refused', () => {
  const image = idxBytes([2, 2, 2], ramp(8));
  it.each([
    {
      what: 'a PNG',
      read: parseImages,
      file: bytes(0x89, 0x50, 0x4e, 0x47, 0x0d),
      expected: problem('not-idx', { file: 'a', firstBytes: bytes(0x89, 0x50, 0x4e, 0x47) }),
    },
    { what: 'a web page', read: parseLabels, file: new TextEncoder().encode('<!DOCTYPE html>'), expected: problem('not-idx') },
    { what: 'an unknown type of values', read: parseImages, file: bytes(0, 0, 0x0a, 3), expected: problem('not-idx') },
    { what: 'no axes', read: parseImages, file: bytes(0, 0, 8, 0), expected: problem('not-idx') },
    { what: 'nothing in it', read: parseImages, file: bytes(), expected: problem('truncated', { bytes: 0, expectedBytes: 4 }) },
    {
      what: 'half a header',
      read: parseImages,
      file: image.slice(0, 11),
      expected: problem('truncated', { bytes: 11, expectedBytes: 16 }),
    },
    {
      what: 'a byte missing',
      read: parseImages,
      file: image.slice(0, 23),
      expected: problem('truncated', { bytes: 23, expectedBytes: 24 }),
    },
    {
      what: 'a byte too many',
      read: parseImages,
      file: idxBytes([2, 2, 2], ramp(9)),
      expected: problem('trailing-bytes', { bytes: 25, expectedBytes: 24 }),
    },
    {
      what: 'sizes beyond any file',
      read: parseImages,
      file: idxBytes([2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], [1]),
      expected: problem('truncated'),
    },
    { what: 'no images', read: parseImages, file: idxBytes([0, 28, 28], []), expected: problem('no-examples') },
    { what: 'images without pixels', read: parseImages, file: idxBytes([5, 0, 28], []), expected: problem('no-examples') },
    { what: 'labels for images', read: parseImages, file: idxBytes([3], [1, 2, 3]), expected: problem('labels-as-images', { count: 3 }) },
    { what: 'images for labels', read: parseLabels, file: image, expected: problem('images-as-labels', { dims: [2, 2, 2] }) },
    { what: 'integers for images', read: parseImages, file: idxBytes([1, 1, 1], [1], 'int32'), expected: problem('unsupported-idx') },
    { what: 'five axes', read: parseImages, file: idxBytes([1, 1, 1, 1, 1], [1]), expected: problem('unsupported-idx') },
    { what: 'floats for labels', read: parseLabels, file: idxBytes([1], [1], 'float32'), expected: problem('unsupported-idx') },
    {
      what: 'a negative label',
      read: parseLabels,
      file: idxBytes([2], [1, -1], 'int8'),
      expected: problem('value-out-of-range', { value: -1, index: 1 }),
    },
  ])('with $what', async ({ read, file, expected }) => {
    expect(await dataErrorOf(() => read(file, 'a'))).toMatchObject(expected);
  });

  it('wherever it is cut off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: image.length - 1 }), async (length) => {
        expect((await dataErrorOf(() => parseImages(image.slice(0, length), 'a'))).code).toBe('truncated');
      }),
    );
  });
});
