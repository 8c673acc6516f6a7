import { describe, expect, it } from 'vitest';
import swissRoll from '../../../src/components/datasets/swiss-roll.js';
import { contextOf, readAll } from './context.js';

const load = async (noise: number): Promise<Float32Array> => {
  const dataset = swissRoll.build({ radius: 3, noise, examples: 20_000, validation: 0, test: 0, fresh: true });
  expect(dataset.facts).toEqual({ shape: [2], numClasses: null, support: 'real' });
  return readAll((await dataset.load(contextOf())).splits.train, 2).x;
};

describe('swiss-roll', () => {
  it('lies on the spiral where there is no noise: the angle follows from the distance', async () => {
    const x = await load(0);
    let [innermost, outermost] = [Infinity, 0];
    for (let row = 0; row < x.length / 2; row++) {
      const [a = NaN, b = NaN] = x.subarray(2 * row, 2 * row + 2);
      const distance = Math.hypot(a, b);
      const angle = (distance / 3) * 4.5 * Math.PI;
      expect(a).toBeCloseTo(distance * Math.cos(angle), 4);
      expect(b).toBeCloseTo(distance * Math.sin(angle), 4);
      [innermost, outermost] = [Math.min(innermost, distance), Math.max(outermost, distance)];
    }
    expect(innermost).toBeCloseTo(1, 2);
    expect(outermost).toBeCloseTo(3, 2);
    expect(innermost).toBeGreaterThan(0.9999);
    expect(outermost).toBeLessThan(3.0001);
  });

  it('moves each point by noise of the given deviation', async () => {
    const [clean, noisy] = [await load(0), await load(0.2)];
    const squares = noisy.reduce((sum, value, i) => sum + (value - (clean[i] ?? NaN)) ** 2, 0);
    expect(Math.sqrt(squares / noisy.length)).toBeCloseTo(0.2, 2);
  });
});
