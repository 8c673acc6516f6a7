/** Codes drawn from what is fitted to those of training examples. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareFittedCodes } from '../../../src/components/shared/fitted-codes.js';
import type { Codes, Sampler } from '../../../src/registry/contracts/index.js';
import { createTestStudio, dataOf, posteriorAt } from '../../support/studio.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Shifts all codes as training would. */
const create = async () => {
  const weights = { shift: 0 };
  const fitted: Codes[] = [];
  const sampler: Sampler = {
    family: 'a note of what was fitted',
    codes: 4,
    prepare: () => (codes) => {
      fitted.push(codes);
      return (out, draws) => {
        draws.normal(out);
        out.forEach((value, at) => (out[at] = value + (codes.values[0] ?? 0)));
      };
    },
  };
  const rows = Array.from({ length: 9 }, (_, i) => Float32Array.of(i, i + 0.5));
  const studio = createTestStudio({
    data: dataOf([2], rows),
    latent: 2,
    offers: () => ({ encode: () => (x) => posteriorAt(tf.add(x, weights.shift)) }),
  });
  return { draw: await prepareFittedCodes(studio, sampler), fitted, weights };
};

describe('fitted codes', () => {
  it('are fitted to the first training examples, once while weights stand still', async () => {
    const { draw, fitted, weights } = await create();
    await draw(3);
    await draw(5);
    expect(fitted).toEqual([{ values: Float32Array.of(0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5), size: 2 }]);
    weights.shift = 10;
    await draw(3);
    expect(fitted.map(({ values }) => values[0])).toEqual([0, 10]);
  });

  it('are the same of the same weights, whatever was drawn before', async () => {
    const { draw, weights } = await create();
    const first = await draw(3);
    expect(first).toHaveLength(6);
    weights.shift = 10;
    await draw(7);
    weights.shift = 0;
    expect(await draw(3)).toEqual(first);
  });
});
