import { describe, expect, it } from 'vitest';
import sprites from '../../../src/components/datasets/sprites.js';
import { drawSprite } from '../../../src/components/shared/sprites.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';

const draw = (change: object): Float32Array => {
  const out = new Float32Array(32 * 32);
  drawSprite(out, 32, { shape: 0, scale: 1, turn: 0, across: 0.5, down: 0.5, ...change });
  return out;
};
const area = (image: Float32Array): number => image.reduce((sum, value) => sum + value, 0);
const centre = (image: Float32Array): readonly [number, number] => [
  image.reduce((sum, value, i) => sum + value * (i % 32), 0) / area(image),
  image.reduce((sum, value, i) => sum + value * Math.floor(i / 32), 0) / area(image),
];

describe('a sprite', () => {
  it.each([0, 1, 2])('of shape %i lies inside the image wherever it is and however it is turned', (shape) => {
    const middle = area(draw({ shape }));
    for (const across of [0, 1])
      for (const turn of [0, 0.5, 1.1]) expect(Math.abs(area(draw({ shape, across, down: across, turn })) / middle - 1)).toBeLessThan(0.06);
  });

  it('is where its position says, and half as large at the least scale', () => {
    const [left, right] = [centre(draw({ across: 0 })), centre(draw({ across: 1 }))];
    expect(right[0] - left[0]).toBeGreaterThan(10);
    expect(right[1]).toBeCloseTo(left[1], 6);
    expect(area(draw({ scale: 0 })) / area(draw({ scale: 1 }))).toBeCloseTo(0.25, 1);
  });
});

describe('sprites', () => {
  it('come with their factors as the digits of the label, the same each time', async () => {
    const params = { size: 16, scales: 2, rotations: 2, positions: 3, examples: 40, validation: 4, test: 0, fresh: false };
    const dataset = sprites.build(params);
    const context = { random: createRandomStreams(1), dataFolder: null, cacheFolder: '', log: () => undefined };
    const data = await dataset.load(context);
    expect(data.numClasses).toBe(3 * 2 * 2 * 3 * 3);
    expect(data.factors?.map(({ name }) => name)).toEqual(['shape', 'scale', 'rotation', 'position-x', 'position-y']);
    const [x, labels] = [new Float32Array(40 * 256), new Int32Array(40)];
    const indices = Int32Array.from({ length: 40 }, (_, i) => i);
    data.splits.train.read(indices, 0, x, labels);
    const again = x.slice();
    data.splits.train.read(indices, 3, x);
    expect(x).toEqual(again);
    for (const [i, label] of labels.entries()) {
      const expected = new Float32Array(256);
      const [down, across, rotation, scale, shape] = [
        label % 3,
        Math.floor(label / 3) % 3,
        Math.floor(label / 9) % 2,
        Math.floor(label / 18) % 2,
        Math.floor(label / 36),
      ];
      drawSprite(expected, 16, { shape, scale, turn: (rotation * Math.PI) / 4, across: across / 2, down: down / 2 });
      expect(again.slice(i * 256, (i + 1) * 256)).toEqual(expected);
    }
  });
});
