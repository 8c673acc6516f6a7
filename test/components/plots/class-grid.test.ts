/** The grid of classes: a row for each, with the same codes in every row. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import classGrid from '../../../src/components/plots/class-grid.js';
import { readPng } from '../../support/png.js';
import { createTestStudio, dataOf } from '../../support/studio.js';
import { end, facts, grey, labels, points, rows } from './model.js';

const [left, top, width, height, gap] = [28, 89, 112, 56, 4];

/** The first pixel tells the class, the second the code. */
const studio = () =>
  createTestStudio({
    data: { ...dataOf([1, 2, 1], rows, labels), classNames: ['cat', 'dog', 'bird'] },
    latent: 1,
    offers: () => ({
      sampleLatent: () => (noise, count) => noise.uniform('codes', [count, 1]),
      generate: () => (z, given) =>
        tf.reshape(tf.concat([tf.mul(tf.cast(tf.expandDims(given!, 1), 'float32'), 0.3), z], 1), [z.shape[0], 1, 2, 1]),
    }),
  });

const codes = (count: number): Float32Array => {
  const z = new Float32Array(count);
  studio().random.draws('classes/codes', 0).uniform(z);
  return z;
};

describe('class-grid', () => {
  it.each([
    [null, [0, 1, 2]],
    [
      [2, 0],
      [2, 0],
    ],
  ])('has a row for each of the classes %j, with the same codes', async (classes, shown) => {
    const [picture] = await (await classGrid.build({ columns: 4, classes }).prepare(studio()))(end);
    const png = readPng(picture!.png);
    const right = png.width - left - (4 * width + 3 * gap);
    for (const [row, label] of shown.entries())
      for (const [column, code] of codes(4).entries()) {
        const [x, y] = [right + column * (width + gap), top + row * (height + gap)];
        expect(png.pixel(x, y)[0]).toBe(grey(0.3 * label));
        expect(png.pixel(x + width - 1, y)[0]).toBe(grey(code));
      }
    // Names of the classes stand at the left.
    expect(png.countDark([left, top, right - 8, top + height])).toBeGreaterThan(20);
    expect(picture!.caption).toContain(`each of ${shown.length} classes`);
  });

  it('refuses models and data without classes, and classes that there are not', () => {
    const offers = ['sampleLatent', 'generate', 'fake.labels'] as const;
    const check = (classes: readonly number[] | null, given: Parameters<typeof facts>[0]) =>
      classGrid.build({ columns: 2, classes }).check?.(facts(given));
    expect(check(null, { offers })).toBeNull();
    expect(check(null, { offers, data: null })).toBeNull();
    expect(check(null, {})).toMatchObject({ param: null, message: expect.stringContaining('by class') as string });
    expect(check(null, { offers, data: { shape: [1, 2, 1], numClasses: null, support: 'real' } })).toMatchObject({ param: null });
    expect(check([2, 3], { offers })).toEqual({
      param: 'classes',
      message: 'asks for class 3, the data has 3',
      help: 'Classes are counted from 0, to 2.',
    });
    expect(check(null, { offers, data: points })).toMatchObject({ message: expect.stringContaining('images') as string });
  });
});
