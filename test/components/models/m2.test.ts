/** Semi-supervised learning: the model `m2`, its loss, and data of which few labels are known. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { DataFacts } from '../../../src/registry/contracts/index.js';
import { createRandomStreams } from '../../../src/runner/random/index.js';
import { buildComponent } from '../../support/build.js';
import { expectGradients } from '../../support/finite-differences.js';
import { createPass, createTestScope, dataFacts, useCpuBackend, valueOf, valuesOf } from '../../support/pass.js';
import { partOf } from '../losses/parts.js';

useCpuBackend();

const network = { type: 'mlp', hidden: [3], activation: 'tanh' };
const data: DataFacts = { ...dataFacts([2, 2, 1]), numClasses: 3 };
const x = (): tf.Tensor => tf.tensor([1, 0, 0, 1, 0, 1, 1, 1], [2, 2, 2, 1]);
const labels = (...values: readonly number[]): tf.Tensor => tf.tensor1d([...values], 'int32');
const create = () => {
  const scope = createTestScope();
  const model = buildComponent('model', { type: 'm2', latent: 2, encoder: network, decoder: network, classifier: network });
  return { scope, model, forward: model.build(scope, data) };
};

describe('m2', () => {
  it('has for each class the bound of a conditional VAE, less ln K', () => {
    const cvae = buildComponent('model', { type: 'cvae', latent: 2, encoder: network, decoder: network }).build(createTestScope(), data);
    const all = valuesOf(create().forward({ x: x(), labels: labels(0, 0) }, createPass())['class.elbo']);
    [0, 1, 2].forEach((label) => {
      const { likelihood, kl, x: examples } = cvae({ x: x(), labels: labels(label, label) }, createPass());
      const elbo = valuesOf(tf.sub(tf.squeeze(likelihood.logProb(examples), [0]), tf.sum(kl, 1)));
      elbo.forEach((value, i) => expect(all[3 * i + label]).toBeCloseTo(value - Math.log(3), 4));
    });
  });

  it('has the gradients of its loss, of labelled and of hidden examples', () => {
    const { scope, forward } = create();
    expectGradients(
      () => partOf({ type: 'semi-supervised', classification: 2 }, 'encoder', forward({ x: x(), labels: labels(1, -1) }, createPass())),
      [...scope.variables.values()],
    );
  });
});

describe('semi-supervised', () => {
  const offers = (label: number) => ({
    'class.elbo': tf.tensor2d([[-10, -20]]),
    'class.logits': tf.tensor2d([[0, Math.log(3)]]),
    labels: labels(label),
  });
  const value = (label: number): number => valueOf(partOf({ type: 'semi-supervised', classification: 2 }, 'encoder', offers(label)));

  it('is the bound of its class and the cross-entropy for a labelled example, by hand', () => {
    expect(value(0)).toBeCloseTo(10 - 2 * Math.log(1 / 4), 4);
    expect(value(1)).toBeCloseTo(20 - 2 * Math.log(3 / 4), 4);
  });

  it('is the expected bound less the entropy where the label is hidden, by hand', () => {
    const entropy = -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
    expect(value(-1)).toBeCloseTo(0.25 * 10 + 0.75 * 20 - entropy, 4);
  });

  it('bounds log p(x): the log of the sum over classes is above the bound of any q(y|x)', () => {
    expect(-value(-1)).toBeLessThanOrEqual(Math.log(Math.exp(-10) + Math.exp(-20)));
  });
});

describe('partly-labelled data', () => {
  const load = () =>
    buildComponent('dataset', {
      type: 'partly-labelled',
      perClass: 2,
      of: { type: 'mnist-10k', limit: { train: 200, validation: 20, test: 20 } },
    }).load({
      random: createRandomStreams(1),
      ...{ dataFolder: null, cacheFolder: '/nonexistent', log: () => undefined },
    });

  it('shows as many labels of each class in training steps, always the same, and all of them to metrics', async () => {
    const { splits, numClasses, shape } = await load();
    const { train, validation } = splits;
    const indices = Int32Array.from({ length: train.count }, (_, i) => i);
    const read = (examples: Pick<typeof train, 'read'>, epoch: number, count = train.count): Int32Array => {
      const found = new Int32Array(count);
      examples.read(indices.slice(0, count), epoch, new Float32Array(count * shape.reduce((a, b) => a * b, 1)), found);
      return found;
    };
    const seen = read(train, 0);
    expect(read(train, 3)).toEqual(seen);
    for (let label = 0; label < (numClasses ?? 0); label++) expect(seen.filter((each) => each === label)).toHaveLength(2);
    expect(seen.filter((each) => each === -1)).toHaveLength(train.count - 2 * (numClasses ?? 0));
    expect(train.plain === undefined ? null : read(train.plain, 0).includes(-1)).toBe(false);
    expect(read(validation, 0, Math.min(10, validation.count)).includes(-1)).toBe(false);
  });
});
