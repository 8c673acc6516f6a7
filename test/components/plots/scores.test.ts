/** Scores: what the discriminator says of every example and of as many fakes, batch by batch. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import scores from '../../../src/components/plots/scores.js';
import { prepareScores } from '../../../src/components/shared/scores.js';
import type { Batch, Critique } from '../../../src/registry/contracts/index.js';
import { createTestStudio, dataOf } from '../../support/studio.js';
import { readPng } from '../../support/png.js';
import { end, facts } from './model.js';

const critique = (logits: tf.Tensor): Critique => ({ logits, features: tf.zeros([1, 1]) });

/** Example i scores i, its fake minus its label. */
const studioOf = (count: number, hasLabels: boolean) => {
  const rows = Array.from({ length: count }, (_, i) => Float32Array.of(i, 0));
  return createTestStudio({
    data: dataOf([2], rows, hasLabels ? rows.map((_, i) => i % 3) : null),
    latent: 1,
    offers: ({ x, labels }: Batch) => ({
      'discriminator.real': () => critique(tf.reshape(tf.slice(x!, [0, 0], [-1, 1]), [-1])),
      'discriminator.fake': () => critique(labels === undefined ? tf.zeros([x!.shape[0]]) : tf.neg(tf.cast(labels, 'float32'))),
    }),
  });
};

describe('prepareScores', () => {
  it('judges every example once, with its label, in batches of one size', async () => {
    const studio = studioOf(620, true);
    const { real, fake } = await (await prepareScores(studio, 'train', 600))();
    expect([...real]).toEqual(Array.from({ length: 600 }, (_, i) => i));
    expect([...fake].map(Math.abs)).toEqual(Array.from({ length: 600 }, (_, i) => i % 3));
    expect(studio.compiled.get('scores')).toEqual({ x: { shape: [250, 2], dtype: 'float32' }, labels: { shape: [250], dtype: 'int32' } });
  });

  it('gives a model no labels where the data has none', async () => {
    expect([...(await (await prepareScores(studioOf(5, false), 'test', 5))()).fake]).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('scores', () => {
  it.each(['logits', 'probabilities'] as const)('draws histograms of %s', async (scale) => {
    const [picture] = await (await scores.build({ scale, count: 100, split: 'validation' }).prepare(studioOf(40, true)))(end);
    for (const text of ['real', 'fake', scale === 'logits' ? 'Logit' : 'D(x)']) expect(picture!.svg).toContain(`>${text}</text>`);
    expect(picture!.caption).toContain(
      scale === 'logits'
        ? 'logits of the discriminator for 40 validation examples, 19.50 on average, and for as many fakes, −0.97 on average'
        : 'probabilities of the discriminator',
    );
    expect(picture!.svg).not.toContain('NaN');
    expect(picture).toMatchObject({ folder: 'plots' });
    const png = readPng(picture!.png);
    expect(png.width).toBeGreaterThan(1300);
  });

  it('refuses a split without examples', () => {
    const plot = scores.build({ scale: 'logits', count: 1, split: 'test' });
    expect(plot.check?.(facts())).toBeNull();
    expect(plot.check?.(facts({ counts: { train: 1, validation: 1, test: 0 } }))).toMatchObject({ param: 'split' });
  });
});
