/** Traversals: one latent at a time takes each value, the others stay where the example has them. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import traversals from '../../../src/components/plots/traversals.js';
import { resolveEntry } from '../../../src/registry/resolve.js';
import { createRegistry } from '../../../src/runner/registry.js';
import { readPng } from '../../support/png.js';
import { createTestStudio, dataOf } from '../../support/studio.js';
import { decodePixel, encodePixel, end, facts, grey, labels, offers, points, rows, studioOf } from './model.js';

const [width, height, gap, group, margin] = [112, 56, 4, 20, 28];
// Labels of the columns stand below the last row.
const below = 10 + Math.ceil(14 * 0.8) + margin;

describe('traversals', () => {
  it('varies one latent of an example in each row, and shows the example', async () => {
    const draw = await traversals
      .build({ from: 'examples', count: 2, split: 'validation', dimensions: [2, 1], range: 3, steps: 3 })
      .prepare(studioOf(2));
    const [picture] = await draw(end);
    const png = readPng(picture!.png);
    const left = png.width - margin - 4 * width - 2 * gap - group;
    const top = png.height - below - 4 * height - 2 * gap - group;
    for (const [start, row] of rows.slice(0, 2).entries()) {
      const code = [...row].map(encodePixel);
      for (const [r, dimension] of [2, 1].entries()) {
        const y = top + start * (2 * height + gap + group) + r * (height + gap);
        for (const [column, value] of [-3, 0, 3].entries()) {
          const varied = code.with(dimension - 1, value);
          const x = left + column * (width + gap);
          expect([png.pixel(x, y)[0], png.pixel(x + 56, y)[0]]).toEqual(varied.map((z) => grey(decodePixel(z))));
        }
      }
      const [x, y] = [png.width - margin - width, top + start * (2 * height + gap + group)];
      expect([png.pixel(x, y)[0], png.pixel(x + 56, y)[0]]).toEqual([...row].map(grey));
      expect(png.pixel(x, y + height + gap)).toEqual([255, 255, 255]);
    }
    expect(png.countDark([0, top, left - 8, top + height])).toBeGreaterThan(15);
  });

  it('starts from the origin without examples', async () => {
    const plot = traversals.build({ from: 'examples', count: 0, split: 'validation', dimensions: [1], range: 2, steps: 2 });
    expect(plot.needs).toEqual(['generate']);
    const studio = studioOf(2);
    const draw = await plot.prepare(studio);
    const png = readPng((await draw(end))[0]!.png);
    expect([...studio.compiled.keys()]).toEqual(['traversals']);
    const [x, y] = [png.width - margin - 2 * width - gap, png.height - below - height];
    expect([-2, 0, 2, 0].map((z) => grey(decodePixel(z)))).toEqual(
      [0, 56, width + gap, width + gap + 56].map((dx) => png.pixel(x + dx, y)[0]),
    );
  });

  it('starts from samples in a model without an encoder, each with one class', async () => {
    const given: number[][] = [];
    const studio = createTestStudio({
      data: dataOf([1, 2, 1], rows, labels),
      latent: 2,
      offers: () => ({
        sampleLatent: () => (_, count) => tf.tensor2d(Array.from({ length: count }, (_unused, i) => [i, -i])),
        generate: () => (z, classes) => {
          given.push([...(classes?.dataSync() ?? [])]);
          return offers(2)().generate!()(z);
        },
      }),
    });
    const plot = traversals.build({ from: 'samples', count: 2, split: 'validation', dimensions: null, range: 2, steps: 2 });
    expect(plot.needs).toEqual(['sampleLatent', 'generate']);
    // No example is read: the split may be empty.
    expect(plot.check?.(facts({ counts: { train: 5, validation: 0, test: 0 } }))).toBeNull();
    const [picture] = await (await plot.prepare(studio))(end);
    expect(picture!.caption).toContain('2 sampled codes');
    expect(given).toEqual([[0, 0, 0, 0, 1, 1, 1, 1]]);
    const png = readPng(picture!.png);
    const [left, top] = [png.width - margin - 2 * width - gap, png.height - below - 4 * height - 2 * gap - group];
    const pixels = (row: number, column: number): readonly unknown[] => {
      const [x, y] = [left + column * (width + gap), top + row * (height + gap) + (row > 1 ? group - gap : 0)];
      return [png.pixel(x, y)[0], png.pixel(x + 56, y)[0]];
    };
    const expected = [
      [-2, 0],
      [2, 0],
      [0, -2],
      [0, 2],
      [-2, -1],
      [2, -1],
      [1, -2],
      [1, 2],
    ];
    for (const [i, code] of expected.entries())
      expect(pixels(Math.floor(i / 2), i % 2), `tile ${String(i)}`).toEqual(code.map((z) => grey(decodePixel(z))));
  });

  it('refuses a split that nothing is read of', () => {
    const faultsOf = (from: string): readonly unknown[] =>
      resolveEntry(createRegistry(), 'plot', { type: 'traversals', from, split: 'test' }).faults;
    expect(faultsOf('examples')).toEqual([]);
    expect(faultsOf('samples')).toMatchObject([{ code: 'unread-value', path: ['split'] }]);
  });

  it('chooses the latents whose means vary most, at most ten', async () => {
    const studio = studioOf(12);
    const draw = await traversals
      .build({ from: 'examples', count: 1, split: 'train', dimensions: null, range: 3, steps: 2 })
      .prepare(studio);
    const png = readPng((await draw(end))[0]!.png);
    expect(studio.compiled.get('traversals')).toEqual({ z: { shape: [20, 12], dtype: 'float32' } });
    // The second pixel varies more than the first over the five examples, and the other latents not at all.
    const [x, y] = [png.width - margin - 3 * width - gap - group, png.height - below - 10 * height - 9 * gap];
    const variance = (k: number): number => {
      const mean = rows.reduce((sum, row) => sum + row[k]!, 0) / 5;
      return rows.reduce((sum, row) => sum + (row[k]! - mean) ** 2, 0);
    };
    expect(variance(1)).toBeGreaterThan(variance(0));
    expect([png.pixel(x, y)[0], png.pixel(x + 56, y)[0]]).toEqual([grey(decodePixel(-4)), grey(decodePixel(-3))]);
    expect([png.pixel(x, y + height + gap)[0], png.pixel(x + 56, y + height + gap)[0]]).toEqual([
      grey(decodePixel(-3)),
      grey(decodePixel(4)),
    ]);
  });

  it('refuses latents that are not there, twice the same, and data that is not of images', () => {
    const plot = traversals.build({ from: 'examples', count: 1, split: 'train', dimensions: [1, 21, 1], range: 3, steps: 2 });
    expect(plot.check?.(facts({ latent: 20 }))).toMatchObject({ param: 'dimensions', message: 'asks for latent 21, the model has 20' });
    expect(plot.check?.(facts({ latent: 21 }))).toMatchObject({ param: 'dimensions', message: 'asks for latent 1 twice' });
    const free = traversals.build({ from: 'examples', count: 1, split: 'train', dimensions: null, range: 3, steps: 2 });
    expect(free.check?.(facts())).toBeNull();
    expect(free.check?.(facts({ data: points }))?.message).toContain('[2]');
  });
});
