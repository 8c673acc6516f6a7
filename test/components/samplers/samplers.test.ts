/** What samplers fit is tried where the maths is (shared/code-fits, shared/second-stage); here, that each of them hands its params on. */
import { describe, expect, it, onTestFinished } from 'vitest';
import mixture from '../../../src/components/samplers/mixture.js';
import neighbours from '../../../src/components/samplers/neighbours.js';
import normal from '../../../src/components/samplers/normal.js';
import twoStage from '../../../src/components/samplers/two-stage.js';
import { createEngine } from '../../../src/engine/index.js';
import type { Codes, Sampler, Studio } from '../../../src/registry/contracts/index.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { createStudio } from '../../../src/runner/train/studio.js';
import { createTestStudio, dataOf } from '../../support/studio.js';
import '@tensorflow/tfjs-backend-cpu';

const random = createRandomStreams(2);
const data = dataOf([1], []);
const testStudio = createTestStudio({ data, latent: 2 });

/** Two heaps, at (-5, -5) and at (5, 5). */
const count = 200;
const noise = new Float32Array(2 * count);
random.draws('codes', 0).normal(noise);
const heaps: Codes = { values: noise.map((value, at) => 0.2 * value + ((at >> 1) % 2 === 0 ? -5 : 5)), size: 2 };

const numSamples = 300;
const drawn = async (sampler: Sampler, codes: Codes, studio: Studio = testStudio): Promise<Float32Array> => {
  const fit = await sampler.prepare(studio, codes.values.length / codes.size);
  const sample = await fit(codes, random.draws('fit', 0));
  const out = new Float32Array(2 * numSamples).fill(Number.NaN);
  await sample(out, random.draws('samples', 0));
  return out;
};
const shareBetween = (values: Float32Array): number => values.filter((value) => Math.abs(value) < 3).length / values.length;

describe('samplers', () => {
  it.each([
    ['normal', normal.build({ codes: 9 }), 'a Gaussian', false],
    ['a mixture of one', mixture.build({ codes: 9, components: 1 }), 'a mixture of Gaussians', false],
    ['a mixture of four', mixture.build({ codes: 9, components: 4 }), 'a mixture of Gaussians', true],
    ['neighbours that are near', neighbours.build({ codes: 9, neighbours: 3 }), 'points between neighbours', true],
    ['neighbours that are everywhere', neighbours.build({ codes: 9, neighbours: count }), 'points between neighbours', false],
  ])('leave the gap between two heaps empty where they can: %s', async (_, sampler, family, isEmpty) => {
    expect([sampler.codes, sampler.family]).toEqual([9, family]);
    const share = shareBetween(await drawn(sampler, heaps));
    if (isEmpty) expect(share).toBe(0);
    else expect(share).toBeGreaterThan(0.15);
  });

  it('train a second VAE as often as they are told', async () => {
    const [few, more] = [twoStage.build({ codes: 9, epochs: 1 }), twoStage.build({ codes: 9, epochs: 30 })];
    expect(more.family).toBe('a second VAE');
    // Compiled: a step on the reference takes a quarter of a second.
    const engine = await createEngine('onnx');
    onTestFinished(() => engine.dispose());
    const unread = (): never => {
      throw new Error('a second stage has no use for the first model');
    };
    const studio = createStudio(
      { engine, data, forward: unread, latent: 2, random, columns: [], history: [], fittedCodes: null },
      'sampler',
      'two-stage',
    );
    const [first, second] = [await drawn(few, heaps, studio), await drawn(more, heaps, studio)];
    expect(shareBetween(second)).toBeLessThan(shareBetween(first));
  });

  it('stay at the codes where a mixture has as many Gaussians as there are', async () => {
    const codes: Codes = { values: Float32Array.of(50, 50, 51, 49, 49, 50), size: 2 };
    for (const value of await drawn(mixture.build({ codes: 9, components: 10 }), codes)) expect(Math.abs(value - 50)).toBeLessThan(10);
  });
});
