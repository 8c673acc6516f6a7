/** Interpolation: ends that differ most, codes in between on the path, and one class in a row. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import interpolation from '../../../src/components/plots/interpolation.js';
import { readPng } from '../../support/png.js';
import { createTestStudio, dataOf } from '../../support/studio.js';
import { decodePixel, end, facts, grey, labels, offers, points, rows, studioOf } from './model.js';

// Tiles of 112 x 56 pixels, two pixels of 56 x 56.
const [left, top, width, height, gap] = [28, 89, 112, 56, 4];

const plot = (values: Partial<Parameters<typeof interpolation.build>[0]> = {}) =>
  interpolation.build({ rows: 1, steps: 7, path: 'linear', candidates: 2, ends: 'pixels', ...values });

/** The candidates of a plot, code by code. */
const candidates = (count: number): readonly (readonly [number, number])[] => {
  const z = new Float32Array(count * 2);
  studioOf(2).random.draws('candidates/prior', 0).normal(z);
  return Array.from({ length: count }, (_, i) => [z[2 * i]!, z[2 * i + 1]!]);
};

/** Greys of the two pixels of each image of a row. */
const greysOf = (png: Uint8Array, row: number, count: number): readonly (readonly number[])[] => {
  const picture = readPng(png);
  const y = top + row * (height + gap);
  return Array.from({ length: count }, (_, i) => {
    const x = left + i * (width + gap);
    return [picture.pixel(x, y)[0], picture.pixel(x + width - 1, y)[0]];
  });
};

describe('interpolation', () => {
  it('shows 9 images of 7 steps between two codes', async () => {
    const studio = studioOf(2);
    const [picture] = await (await plot().prepare(studio))(end);
    expect(studio.compiled.get('path')).toEqual({ z: { shape: [9, 2], dtype: 'float32' } });
    const [from, to] = candidates(2);
    const expected = Array.from({ length: 9 }, (_, i) => [0, 1].map((d) => grey(decodePixel(from![d]! + ((to![d]! - from![d]!) * i) / 8))));
    for (const [i, greys] of greysOf(picture!.png, 0, 9).entries())
      for (const [d, value] of greys.entries()) expect(Math.abs(value - expected[i]![d]!)).toBeLessThanOrEqual(1);
    expect(readPng(picture!.png).width).toBe(2 * left + 9 * width + 8 * gap);
    expect(picture).toMatchObject({ folder: 'images', suffix: '', svg: null });
    expect(picture!.caption).toContain('7 steps');
  });

  it('begins and ends with those of the candidates whose images differ most, row by row', async () => {
    const [picture] = await (await plot({ rows: 2, candidates: 30 }).prepare(studioOf(2)))(end);
    const all = candidates(60);
    for (const row of [0, 1]) {
      const own = all.slice(row * 30, row * 30 + 30);
      const distance = (a: readonly number[], b: readonly number[]): number => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!);
      const pairs = own.flatMap((a, i) => own.slice(i + 1).map((b) => [a, b] as const));
      const [from, to] = pairs.reduce((best, pair) => (distance(...pair) > distance(...best) ? pair : best));
      const shown = greysOf(picture!.png, row, 9);
      expect(shown[0]).toEqual(from.map((value) => grey(decodePixel(value))));
      expect(shown[8]).toEqual(to.map((value) => grey(decodePixel(value))));
    }
  });

  describe('with ends of different classes', () => {
    /** The first class where the first pixel is the brighter one, as surely as it is brighter. */
    const studioWith = (classify: (x: tf.Tensor) => tf.Tensor) =>
      createTestStudio({
        data: dataOf([1, 2, 1], rows, labels),
        latent: 2,
        offers: () => ({ ...offers(2)(), classify: () => Object.assign(classify, { features: classify }) }),
      });

    it('takes the two that the classifier is surest of', async () => {
      const studio = studioWith((x) => {
        const pixels = tf.reshape(x, [-1, 2]);
        return tf.concat([tf.mul(pixels, 8), tf.fill([x.shape[0], 1], -9)], 1);
      });
      const [picture] = await (await plot({ candidates: 20, ends: 'classes' }).prepare(studio))(end);
      const margin = ([a, b]: readonly [number, number]): number => a - b;
      const sorted = candidates(20).toSorted((a, b) => margin(a) - margin(b));
      const shown = greysOf(picture!.png, 0, 9);
      const ends = [sorted[0]!, sorted.at(-1)!].map((z) => z.map((value) => grey(decodePixel(value))));
      expect([shown[0], shown[8]]).toEqual(expect.arrayContaining(ends));
      expect(picture!.caption).toMatch(/surest of as different classes: (0 \(\d+ %\) and 1|1 \(\d+ %\) and 0)/);
    });

    it('falls back on pixels where all candidates are of one class, and says so', async () => {
      const studio = studioWith((x) => tf.tile(tf.tensor2d([[0, 3, 0]]), [x.shape[0], 1]));
      const [picture] = await (await plot({ candidates: 5, ends: 'classes' }).prepare(studio))(end);
      expect(picture!.caption).toContain('differ most, for all candidates are of the class 1');
    });

    it('asks for a classifier', () => {
      expect(plot({ ends: 'classes' }).needs).toContain('classify');
      expect(plot().needs).not.toContain('classify');
    });
  });

  it('takes the arc where it is told', async () => {
    const [straight, arc] = await Promise.all(
      (['linear', 'spherical'] as const).map(async (path) => {
        const [picture] = await (await plot({ path, steps: 3 }).prepare(studioOf(2)))(end);
        return greysOf(picture!.png, 0, 5);
      }),
    );
    expect(arc![0]).toEqual(straight![0]);
    expect(arc![4]).toEqual(straight![4]);
    expect(arc![2]).not.toEqual(straight![2]);
  });

  it('stays within one class in each row, where the data has classes', async () => {
    const asked: (readonly number[])[] = [];
    const studio = createTestStudio({
      data: dataOf([1, 2, 1], rows, labels),
      latent: 2,
      offers: () => ({
        sampleLatent: () => (noise, count) => noise.normal('prior', [count, 2]),
        generate: () => (z, given) => {
          asked.push([...given!.dataSync()]);
          return tf.zeros([z.shape[0], 1, 2, 1]);
        },
      }),
    });
    await (
      await plot({ rows: 4, steps: 1 }).prepare(studio)
    )(end);
    expect(asked).toEqual([
      [0, 0, 1, 1, 2, 2, 0, 0],
      [0, 0, 0, 1, 1, 1, 2, 2, 2, 0, 0, 0],
    ]);
  });

  it('refuses data that is not of images', () => {
    expect(plot().check?.(facts())).toBeNull();
    expect(plot().check?.(facts({ data: points }))).toMatchObject({ param: null });
  });
});
