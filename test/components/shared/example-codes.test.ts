/** Examples of a split, and batches of them through the encoder. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Facts } from '../../../src/registry/contracts/index.js';
import { countExamples, misfitOfSplit, prepareMeans, readExamples } from '../../../src/components/shared/example-codes.js';
import { createTestStudio, dataOf, posteriorAt } from '../../support/studio.js';

const rows = Array.from({ length: 600 }, (_, i) => Float32Array.of(i, -i));
const data = dataOf(
  [2],
  rows,
  rows.map((_, i) => i % 3),
);

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('readExamples', () => {
  it('reads from where it is told, with labels where there are any', () => {
    expect(readExamples(data, 'test', 4, 2)).toEqual({ x: Float32Array.of(4, -4, 5, -5), labels: Int32Array.of(1, 2) });
    expect(readExamples(dataOf([2], rows), 'test', 0, 1)).toEqual({ x: Float32Array.of(0, -0), labels: null });
  });
});

describe('countExamples', () => {
  it('is no more than there are, and refuses an empty split', () => {
    expect([countExamples(data, 'train', 5), countExamples(data, 'train', 1000)]).toEqual([5, 600]);
    expect(() => countExamples(dataOf([2], []), 'validation', 5)).toThrow('the validation split has no examples');
  });
});

describe('misfitOfSplit', () => {
  const facts = (counts: Facts['counts']): Facts => ({
    data: null,
    counts,
    latent: 2,
    offers: [],
    players: [],
    metricColumns: [],
    trainingColumns: [],
  });

  it('is told once the data is known, with the splits that would do', () => {
    expect(misfitOfSplit(facts(null), 'validation')).toBeNull();
    expect(misfitOfSplit(facts({ train: 9, validation: 1, test: 0 }), 'validation')).toBeNull();
    const misfit = misfitOfSplit(facts({ train: 9, validation: 0, test: 3 }), 'validation');
    expect(misfit).toMatchObject({ param: 'split' });
    expect(misfit?.help).toContain('`split: train` or `split: test`');
  });
});

describe('prepareMeans', () => {
  it.each([1, 250, 251, 600])('encodes %s examples in their order', async (count) => {
    const encode = () => (x: tf.Tensor) =>
      posteriorAt(
        tf.pad(tf.mul(x, 2), [
          [0, 0],
          [0, 1],
        ]),
      );
    const studio = createTestStudio({ data, latent: 3, offers: () => ({ encode }) });
    const means = await (await prepareMeans(studio, 'train', count))();
    expect([...means]).toEqual(rows.slice(0, count).flatMap(([a, b]) => [2 * a!, 2 * b!, 0]));
    expect(studio.compiled.get('encode')?.['x']?.shape).toEqual([Math.min(count, 250), 2]);
  });
});
