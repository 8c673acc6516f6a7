import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, suggest } from '../../src/registry/suggest.js';

describe('editDistance', () => {
  it.each([
    ['', 'abc', 3],
    ['betta', 'beta', 1],
    ['cuont', 'count', 1],
    ['kitten', 'sitting', 3],
    ['ca', 'abc', 3],
  ])('from %s to %s is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is symmetric, zero only for equal words, and at most the longer length', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        const distance = editDistance(a, b);
        expect(editDistance(b, a)).toBe(distance);
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('suggest', () => {
  const known = [
    'learningRate',
    'beta1',
    'beta2',
    'epochs',
    'batchSize',
    'evaluationBatchSize',
    'optimizer',
    'kl',
    'kl-monte-carlo',
    'standard-normal',
  ];

  it.each([
    ['learning_rate', 'learningRate'],
    ['learning-rate', 'learningRate'],
    ['LearningRate', 'learningRate'],
    ['lr', 'learningRate'],
    ['epoch', 'epochs'],
    ['batchsize', 'batchSize'],
    ['bathcSize', 'batchSize'],
    ['optim', 'optimizer'],
    ['optimiser', 'optimizer'],
    ['standardNormal', 'standard-normal'],
    ['KL', 'kl'],
    ['betta1', 'beta1'],
  ])('takes %s for %s', (word, meant) => {
    expect(suggest(word, known)).toBe(meant);
  });

  it.each([
    ['ave', 'vae'],
    ['vvae', 'vae'],
    ['vaae', 'vae'],
    ['cae', 'vae'],
    ['vq-ae', 'vq-vae'],
    ['gna', 'gan'],
  ])('takes %s for %s, by the likelier slip of several', (word, meant) => {
    const models = ['aae', 'autoencoder', 'bigan', 'cvae', 'gan', 'm2', 'vae', 'vq-vae'];
    expect(suggest(word, models)).toBe(meant);
    expect(suggest(word, models.toReversed())).toBe(meant);
  });

  it.each(['', 'q', 'zebra', 'momentum', 'x'.repeat(100_000)])('does not guess where nothing is near', (word) => {
    expect(suggest(word, known)).toBeNull();
  });
});
