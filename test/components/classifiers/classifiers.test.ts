/** Classifiers say how they are trained; what they say is an experiment like any other. */
import { describe, expect, it } from 'vitest';
import conv from '../../../src/components/classifiers/conv.js';
import mlp from '../../../src/components/classifiers/mlp.js';
import type { Facts } from '../../../src/registry/contracts/index.js';

const training = { epochs: 2, batchSize: 16, learningRate: 0.01 };
const factsOf = (shape: readonly number[]): Facts => ({
  data: { shape, numClasses: 3, support: 'real' },
  counts: null,
  latent: 2,
  offers: [],
  players: [],
  metricColumns: [],
  trainingColumns: [],
});

describe('classifiers', () => {
  it('say which network is trained, how long and how', () => {
    const { experiment } = mlp.build({ ...training, hidden: [8], dropout: 0.1 });
    expect(experiment).toEqual({
      model: { type: 'classifier', network: { type: 'mlp', hidden: [8], dropout: 0.1 } },
      losses: ['cross-entropy'],
      training: { epochs: 2, batchSize: 16, optimizer: { type: 'adam', learningRate: 0.01 } },
      metrics: ['accuracy'],
    });
  });

  it('convolve images alone', () => {
    const { check } = conv.build({ ...training, filters: [4], hidden: [8], dropout: 0 });
    expect(check?.(factsOf([8, 8, 1]))).toBeNull();
    expect(check?.(factsOf([2]))?.message).toBe('convolves images of [height, width, channels], and examples are [2]');
  });
});
