import type * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../src/engine/index.js';
import type { Shape } from '../../../src/registry/contracts/index.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { createExampleNoise } from '../../../src/runner/train/noise.js';

const random = createRandomStreams(5);
const expected = (stream: string, tick: number, count: number): number[] => {
  const values = new Float32Array(count);
  random.draws(stream, tick).normal(values);
  return [...values];
};

const draw = async (shape: Shape, batchSize: number, batch: number): Promise<tf.backend_util.TypedArray | undefined> => {
  const engine = await createEngine('cpu');
  const step = await engine.compile('noise', {}, () => ({ z: createExampleNoise(random, 'evaluate/noise', batchSize).normal('z', shape) }));
  return (await step.run({}, batch))['z'];
};

describe('createExampleNoise', () => {
  it('draws for each example by its place in the split', async () => {
    const rows = [4, 5, 6, 7].map((place) => expected('evaluate/noise/z', place, 2));
    expect([...((await draw([4, 2], 4, 1)) ?? [])]).toEqual(rows.flat());
  });

  it('keeps the samples of an example together where samples are the first axis', async () => {
    const [a = [], b = []] = [2, 3].map((place) => expected('evaluate/noise/z', place, 6));
    expect([...((await draw([3, 2, 2], 2, 1)) ?? [])]).toEqual([0, 2, 4].flatMap((at) => [...a.slice(at, at + 2), ...b.slice(at, at + 2)]));
  });

  it('is the same in every batch where there is no axis for examples', async () => {
    for (const batch of [0, 3]) expect([...((await draw([3], 4, batch)) ?? [])]).toEqual(expected('evaluate/noise/z', 0, 3));
  });
});
