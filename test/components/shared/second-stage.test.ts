/** A second VAE of codes that no Gaussian fits. */
import { afterAll, describe, expect, it } from 'vitest';
import { fitNormal } from '../../../src/components/shared/code-fits.js';
import { prepareSecondStage } from '../../../src/components/shared/second-stage.js';
import type { Codes, CodeSampler } from '../../../src/registry/contracts/index.js';
import { createEngine } from '../../../src/engine/index.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { createStudio } from '../../../src/runner/train/studio.js';
import { dataOf } from '../../support/studio.js';

const random = createRandomStreams(3);
const engine = await createEngine('onnx');
afterAll(() => engine.dispose());

const unread = (): never => {
  throw new Error('the second stage has no use for the first model');
};
const studio = createStudio(
  { engine, data: dataOf([1], []), forward: unread, latent: 2, random, columns: [], history: [], fittedCodes: null },
  'sampler',
  'two-stage',
);

/** Codes around a circle of radius 50 about (100, -40), near to it. */
const numCodes = 1000;
const ring = (): Codes => {
  const [turns, noise] = [new Float32Array(numCodes), new Float32Array(numCodes)];
  random.draws('turns', 0).uniform(turns);
  random.draws('noise', 0).normal(noise);
  const values = Float32Array.from({ length: 2 * numCodes }, (_, at) => {
    const n = at >> 1;
    const [turn, radius] = [2 * Math.PI * (turns[n] ?? 0), 50 + (noise[n] ?? 0)];
    return at % 2 === 0 ? 100 + radius * Math.cos(turn) : -40 + radius * Math.sin(turn);
  });
  return { values, size: 2 };
};

const numSamples = 500;
const radiiOf = async (sample: CodeSampler): Promise<readonly number[]> => {
  const out = new Float32Array(2 * numSamples);
  await sample(out, random.draws('samples', 0));
  return Array.from({ length: numSamples }, (_, n) => Math.hypot((out[2 * n] ?? 0) - 100, (out[2 * n + 1] ?? 0) + 40));
};
const shareNear = (radii: readonly number[]): number => radii.filter((radius) => Math.abs(radius - 50) < 12).length / radii.length;

describe('a second stage', () => {
  it('draws codes where those of examples lie, and where one Gaussian has few', async () => {
    const codes = ring();
    const fit = await prepareSecondStage(studio, { numCodes, epochs: 150 });
    const sample = await fit(codes, random.draws('fit', 0));
    const radii = await radiiOf(sample);
    expect(shareNear(radii)).toBeGreaterThan(0.75);
    expect(shareNear(await radiiOf(fitNormal(codes)))).toBeLessThan(0.45);
    expect(await radiiOf(sample)).toEqual(radii);
  });

  it('is where codes never change, and takes fewer codes than a batch', async () => {
    const fit = await prepareSecondStage(studio, { numCodes: 3, epochs: 400 });
    const sample = await fit({ values: Float32Array.of(5, 1, 5, 1, 5, 1), size: 2 }, random.draws('fit', 1));
    const out = new Float32Array(2 * numSamples);
    await sample(out, random.draws('samples', 1));
    for (let at = 0; at < out.length; at += 2) expect(Math.abs((out[at] ?? 0) - 5)).toBeLessThan(3);
  });
});
