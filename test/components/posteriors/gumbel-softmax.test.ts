/** One-hot codes: the posterior `gumbel-softmax` and the prior `categorical`. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { buildComponent } from '../../support/build.js';
import { createPass, createSeededNoise, createTestScope, dataFacts, useCpuBackend, valueOf, valuesOf } from '../../support/pass.js';

useCpuBackend();

const logits = [Math.log(0.2), Math.log(0.3), Math.log(0.5), 0, 0, 0];
const create = (entry: object = {}, training = true) =>
  buildComponent('posterior', { type: 'gumbel-softmax', classes: 3, ...entry }).build(createTestScope(), 6)(
    tf.tensor2d([logits]),
    'softplus',
    createPass(createSeededNoise(), training),
  );
const prior = () => buildComponent('prior', { type: 'categorical', classes: 3 }).build(createTestScope(), 6);

describe('the Gumbel-softmax posterior', () => {
  it('has the probabilities of its logits, group by group', () => {
    const found = valuesOf(create().mean);
    [0.2, 0.3, 0.5, 1 / 3, 1 / 3, 1 / 3].forEach((value, i) => expect(found[i]).toBeCloseTo(value, 5));
  });

  it('draws each class as often as its probability says, one-hot when it is measured', () => {
    const z = create({}, false).sample(createSeededNoise(), 20_000);
    expect(new Set(valuesOf(z))).toEqual(new Set([0, 1]));
    valuesOf(tf.mean(z, 0)).forEach((share, i) => expect(Math.abs(share - valuesOf(create().mean)[i]!)).toBeLessThan(0.015));
  });

  it('softens draws while it trains, less at lower temperatures, to codes that still add up to one', () => {
    const largest = (temperature: number): number =>
      valueOf(tf.mean(tf.max(tf.reshape(create({ temperature }).sample(createSeededNoise(), 500), [-1, 3]), 1)));
    expect(largest(0.1)).toBeGreaterThan(largest(1));
    expect(largest(0.01)).toBeGreaterThan(0.98);
    valuesOf(tf.sum(create().sample(createSeededNoise(), 10), -1)).forEach((sum) => expect(sum).toBeCloseTo(2, 5));
  });

  it('passes gradients through one-hot draws as through soft ones, where asked to', () => {
    const family = (straightThrough: boolean) => buildComponent('posterior', { type: 'gumbel-softmax', classes: 3, straightThrough });
    const loss = (straightThrough: boolean) => (output: tf.Tensor) => {
      const z = family(straightThrough).build(createTestScope(), 3)(output, 'softplus', createPass()).sample(createSeededNoise(), 1);
      return tf.sum(tf.mul(z, tf.tensor1d([1, 2, 4])));
    };
    const at = tf.tensor2d([[0.2, -0.3, 0.1]]);
    expect(valuesOf(tf.grad(loss(true))(at))).toEqual(valuesOf(tf.grad(loss(false))(at)));
    expect(Number.isInteger(Number(valueOf(loss(true)(at)).toFixed(5)))).toBe(true);
  });
});

describe('the categorical prior', () => {
  it('has a divergence of ln K less the entropy, by hand', () => {
    const posterior = create();
    const found = valueOf(tf.sum(prior().kl?.(posterior) ?? tf.scalar(NaN)));
    const entropy = -(0.2 * Math.log(0.2) + 0.3 * Math.log(0.3) + 0.5 * Math.log(0.5));
    expect(found).toBeCloseTo(Math.log(3) - entropy, 5);
  });

  it('has it as the mean of log q - log p over one-hot draws', () => {
    const posterior = create({}, false);
    const z = posterior.sample(createSeededNoise(), 20_000);
    const estimate = valueOf(tf.mean(tf.sub(posterior.logProb(z), prior().logProb(z))));
    expect(estimate).toBeCloseTo(valueOf(tf.sum(prior().kl?.(posterior) ?? tf.scalar(NaN))), 2);
  });

  it('goes with as many classes in the posterior alone', () => {
    const check = (model: object) =>
      buildComponent('model', { type: 'vae', latent: 6, ...model }).check?.({
        ...{ data: dataFacts([2]), counts: null, latent: 6, offers: [], players: [], metricColumns: [], trainingColumns: [] },
      });
    const posterior = { type: 'gumbel-softmax', classes: 3 };
    expect(check({ posterior, prior: { type: 'categorical', classes: 3 } })).toBeNull();
    expect(check({ posterior, prior: { type: 'categorical', classes: 2 } })?.message).toBe(
      'is for one-hot (2 classes) codes, and the posterior gives one-hot (3 classes) ones',
    );
    expect(check({ posterior })).toMatchObject({ param: 'prior' });
    expect(check({ posterior: { type: 'gumbel-softmax', classes: 4 } })).toMatchObject({ param: 'latent' });
  });
});
