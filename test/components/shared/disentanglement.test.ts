/** Scores of representations that are made to have them. */
import { describe, expect, it } from 'vitest';
import {
  createFactorSample,
  dciScores,
  factorVaeScore,
  mutualInformationGap,
  separatedPredictability,
  type FactorSample,
} from '../../../src/components/shared/disentanglement.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';

const factors = [
  { name: 'shape', numValues: 2, isOrdered: false },
  { name: 'x', numValues: 4, isOrdered: true },
  { name: 'y', numValues: 5, isOrdered: true },
];
const count = 3000;
const random = createRandomStreams(2);
const labels = Float32Array.from({ length: count }, (_, i) => random.draws('labels', i).integer(40));
/** The values that a label's digits are. */
const digits = (label: number): readonly number[] => [Math.floor(label / 20), Math.floor(label / 5) % 4, label % 5];

const sampleOf = (width: number, code: (values: readonly number[], noise: readonly number[]) => readonly number[]): FactorSample => {
  const noise = new Float32Array(width * count);
  random.draws('noise', 0).normal(noise);
  const rows = Float32Array.from([...labels].flatMap((label, i) => [...code(digits(label), [...noise.slice(i * width, (i + 1) * width)])]));
  return createFactorSample(rows, labels, width, factors);
};

describe('scores of disentanglement', () => {
  const perfect = sampleOf(3, ([shape = 0, x = 0, y = 0]) => [-2 * y, shape, 3 * x + 1]);
  const independent = sampleOf(4, (_, noise) => noise);
  const [a, b] = [Math.cos(0.7), Math.sin(0.7)];
  const turned = sampleOf(3, ([shape = 0, x = 0, y = 0]) => [a * (x / 1.1) + b * (y / 1.4), a * (y / 1.4) - b * (x / 1.1), shape]);

  it('read the factors from the digits of labels', () => {
    expect([...perfect.factors.map(({ values }) => values[5])]).toEqual(digits(labels[5] ?? 0));
  });

  it('are 1 where each factor has a latent of its own', () => {
    // What samples of independent factors happen to have in common is all that is missing.
    expect(mutualInformationGap(perfect)).toBeGreaterThan(0.99);
    expect(separatedPredictability(perfect)).toBeGreaterThan(0.99);
    const { disentanglement, completeness, informativeness } = dciScores(perfect, 0.05);
    expect(disentanglement).toBeCloseTo(1, 6);
    expect(completeness).toBeCloseTo(1, 6);
    expect(informativeness).toBeGreaterThan(0.99);
    expect(factorVaeScore(perfect)).toBe(1);
  });

  it('are about 0 where latents know nothing, and chance for the score of FactorVAE', () => {
    expect(mutualInformationGap(independent)).toBeLessThan(0.02);
    expect(separatedPredictability(independent)).toBeLessThan(0.02);
    expect(dciScores(independent, 0.05)).toEqual({ disentanglement: 0, completeness: 0, informativeness: 0 });
    expect(Math.abs(factorVaeScore(independent) - 1 / 3)).toBeLessThan(0.1);
  });

  it('fall where two factors share two latents, though nothing is lost', () => {
    expect(mutualInformationGap(turned)).toBeLessThan(0.8);
    expect(separatedPredictability(turned)).toBeLessThan(0.8);
    const { disentanglement, informativeness } = dciScores(turned, 0.01);
    expect(disentanglement).toBeLessThan(0.7);
    expect(informativeness).toBeGreaterThan(0.95);
  });

  it('are 0 of a collapsed representation', () => {
    const collapsed = sampleOf(2, () => [0, 0]);
    expect([mutualInformationGap(collapsed), separatedPredictability(collapsed), factorVaeScore(collapsed)]).toEqual([0, 0, 0]);
    expect(dciScores(collapsed, 0.05).informativeness).toBe(0);
  });
});
