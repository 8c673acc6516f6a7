/** Models beside the plain VAE: told classes, in two layers, and with a codebook. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createCodebook } from '../../../src/components/shared/codebook.js';
import type { DataFacts, Facts } from '../../../src/registry/contracts/index.js';
import { buildComponent } from '../../support/build.js';
import { expectGradients } from '../../support/finite-differences.js';
import {
  createFixedNoise,
  createPass,
  createSeededNoise,
  createTestScope,
  dataFacts,
  useCpuBackend,
  valueOf,
  valuesOf,
} from '../../support/pass.js';
import { partOf } from '../losses/parts.js';

useCpuBackend();

const networks = { encoder: { type: 'mlp', hidden: [3], activation: 'tanh' }, decoder: { type: 'mlp', hidden: [3], activation: 'tanh' } };
const labelled: DataFacts = { ...dataFacts([2, 2, 1]), numClasses: 3 };
const x = (): tf.Tensor => tf.tensor([1, 0, 0, 1, 0, 1, 1, 1], [2, 2, 2, 1]);
const create = (entry: object) => {
  const scope = createTestScope();
  const model = buildComponent('model', { ...networks, ...entry });
  return { model, scope, forward: model.build(scope, labelled) };
};

describe('a conditional VAE', () => {
  const labels = (...values: readonly number[]): tf.Tensor => tf.tensor1d([...values], 'int32');

  it('has the bound of each example with its class: linear networks, by hand', () => {
    const scope = createTestScope();
    const model = buildComponent('model', { type: 'cvae', latent: 1, encoder: { type: 'linear', scale: 'exp' }, decoder: 'linear' });
    const forward = model.build(scope, { ...dataFacts([1]), numClasses: 2 });
    // Rows: the example or the code, then classes 0 and 1. Columns of the encoder: mean and ln scale.
    scope.set('encoder/output/kernel', [2, 0, -1, 0, -1, Math.LN2]);
    scope.set('decoder/output/kernel', [2, 0.5, -1]);
    scope.set('decoder/output/bias', [-1]);
    const batch = { x: tf.tensor2d([[1], [0]]), labels: labels(1, 0) };
    const offers = forward(batch, createPass(createFixedNoise({ posterior: [0.25, 2] })));
    // x = 1, y = 1: q = N(2 - 1, 2), z = 1 + 2 * 0.25 = 1.5, logit 2 * 1.5 - 1 - 1 = 1: ln p(1) = -ln(1 + 1/e), KL = (1 + 4 - 1)/2 - ln 2.
    // x = 0, y = 0: q = N(-1, 1), z = -1 + 2 = 1, logit 2 + 0.5 - 1 = 1.5: ln p(0) = -ln(1 + e^1.5), KL = 1/2.
    const expected = { z: [1.5, 1], logProb: [-Math.log1p(Math.exp(-1)), -Math.log1p(Math.exp(1.5))], kl: [2 - Math.LN2, 0.5] };
    const given = { z: offers.z, logProb: offers.likelihood.logProb(offers.x), kl: offers.kl };
    for (const name of ['z', 'logProb', 'kl'] as const)
      valuesOf(given[name]).forEach((value, i) => expect(value, name).toBeCloseTo(expected[name][i]!, 5));
    const loss = valueOf(tf.add(partOf('reconstruction', 'encoder', offers), partOf('kl', 'encoder', offers)));
    const bounds = [0, 1].map((i) => expected.logProb[i]! - expected.kl[i]!);
    expect(loss).toBeCloseTo(-(bounds[0]! + bounds[1]!) / 2, 5);
    // The code 1.5 as class 1, and as class 0: logits 1 and 2.5.
    const made = valuesOf(offers.generate(tf.tensor2d([[1.5], [1.5]]), labels(1, 0)));
    [1, 2.5].forEach((logit, i) => expect(made[i]).toBeCloseTo(1 / (1 + Math.exp(-logit)), 5));
  });

  it('has codes and reconstructions that hang on the class of each example alone', () => {
    const { forward } = create({ type: 'cvae', latent: 2, samples: 3 });
    const meansOf = (...classes: readonly number[]): readonly number[] =>
      valuesOf(forward({ x: x(), labels: labels(...classes) }, createPass()).posterior.mean);
    expect(meansOf(0, 2).slice(0, 2)).toEqual(meansOf(0, 1).slice(0, 2));
    expect(meansOf(0, 2).slice(2)).not.toEqual(meansOf(0, 1).slice(2));
    const { likelihood } = forward({ x: x(), labels: labels(0, 1) }, createPass());
    expect(likelihood.mean.shape).toEqual([3, 2, 2, 2, 1]);
  });

  it('generates of the classes that are asked for, and of all in turn otherwise', () => {
    const { generate } = create({ type: 'cvae', latent: 2 }).forward({}, createPass());
    const z = tf.zeros([4, 2]);
    const inTurn = valuesOf(generate(z));
    expect(inTurn).toEqual(valuesOf(generate(z, labels(0, 1, 2, 0))));
    expect(inTurn.slice(0, 4)).not.toEqual(inTurn.slice(4, 8));
  });

  it('has the gradients of its bound', () => {
    const { scope, forward } = create({ type: 'cvae', latent: 2, samples: 2 });
    expectGradients(() => {
      const { likelihood, kl, x: examples } = forward({ x: x(), labels: labels(2, 0) }, createPass());
      return tf.sub(tf.mean(tf.sum(kl, -1)), tf.mean(likelihood.logProb(examples)));
    }, [...scope.variables.values()]);
  });

  it('needs labels', () => {
    const facts: Facts = {
      ...{ data: dataFacts([4]), counts: null, latent: 2, offers: [], players: [], metricColumns: [], trainingColumns: [] },
    };
    expect(create({ type: 'cvae', latent: 2 }).model.check?.(facts)?.message).toContain('no labels');
    expect(() => create({ type: 'cvae', latent: 2 }).forward({ x: x() }, createPass()).z).toThrow('no labels');
  });
});

describe('a VAE in two layers', () => {
  const two = { type: 'hierarchical-vae', latent: 2, upper: 1 };
  const small = {
    upperEncoder: { type: 'mlp', hidden: [2], activation: 'tanh' },
    upperDecoder: { type: 'mlp', hidden: [2], activation: 'tanh' },
  };

  it('is the sum of its conditionals: those of a linear upper layer, by hand', () => {
    const { scope, forward } = create({ ...two, latent: 1, upperEncoder: { type: 'linear', scale: 'exp' }, upperDecoder: 'linear' });
    // q(z2|z1) = N(2 z1, 1) and p(z1|z2) = N(3 z2 + 1, softplus(0)).
    scope.set('encoder/posterior/output/kernel', [2, 0]);
    scope.set('decoder/prior/output/kernel', [3, 0]);
    scope.set('decoder/prior/output/bias', [1, 0]);
    const { posterior, prior } = forward({ x: x() }, createPass());
    const z = tf.tensor3d([[[0.5, -1], [0.5, -1]]]); // prettier-ignore
    const logNormal = (at: number, mean: number, scale: number): number =>
      -0.5 * ((at - mean) / scale) ** 2 - Math.log(scale) - 0.5 * Math.log(2 * Math.PI);
    expect(valuesOf(prior.logProb(z))[0]).toBeCloseTo(logNormal(-1, 0, 1) + logNormal(0.5, -2, Math.LN2), 4);
    const [mean = 0] = valuesOf(posterior.mean);
    const [scale = 0] = valuesOf(posterior.scale);
    expect(valuesOf(posterior.logProb(z))[0]).toBeCloseTo(logNormal(0.5, mean, scale) + logNormal(-1, 1, 1), 4);
  });

  it('has samples of its densities: the mean of p(z) / q(z|x) over q is 1', () => {
    const { forward } = create({ ...two, ...small, samples: 40_000 });
    const { posterior, prior, z } = forward({ x: x() }, createPass());
    const mean = valueOf(tf.mean(tf.exp(tf.sub(prior.logProb(z), posterior.logProb(z)))));
    expect(mean).toBeGreaterThan(0.7);
    expect(mean).toBeLessThan(1.3);
  });

  it('shows the decoder the lower layer alone, and has the gradients of its bound', () => {
    const { scope, forward } = create({ ...two, ...small });
    const { decode } = forward({}, createPass());
    expect(valuesOf(decode(tf.tensor2d([[1, 2, 3]])).mean)).toEqual(valuesOf(decode(tf.tensor2d([[1, 2, -3]])).mean));
    expectGradients(() => {
      const offers = forward({ x: x() }, createPass());
      return partOf('iwae', 'encoder', offers);
    }, [...scope.variables.values()]);
  });
});

describe('a VQ-VAE', () => {
  const vq = { type: 'vq-vae', latent: 4, dimension: 2, codes: 5 };

  it('rounds each vector of a code to the nearest of the codebook', () => {
    const scope = createTestScope();
    const book = createCodebook(scope, { numVectors: 3, dimension: 2, decay: null });
    scope.set('codebook', [0, 0, 1, 1, -2, 4]);
    const rounded = book.quantize(tf.tensor2d([[0.4, 0.4], [0.7, 0.5], [-1, 3], [9, 9]]), createPass()); // prettier-ignore
    expect(valuesOf(rounded)).toEqual([0, 0, 1, 1, -2, 4, 1, 1]);
  });

  it('takes the gradient of what the decoder sees for that of what was encoded', () => {
    const { scope, forward } = create(vq);
    const loss = (): tf.Scalar => tf.sum(forward({ x: x() }, createPass()).z);
    const bias = scope.variables.get('encoder/output/bias');
    const { grads } = tf.variableGrads(loss, bias === undefined ? [] : [bias]);
    // Two examples, each with slope 1.
    expect(valuesOf(grads[bias?.name ?? ''] ?? tf.zeros([0]))).toEqual([2, 2, 2, 2]);
  });

  it('draws codes and codebook together, by hand', () => {
    const quantization = { encoded: tf.tensor2d([[1, 0], [0, 0]]), quantized: tf.tensor2d([[3, 0], [0, 1]]), isTrained: true }; // prettier-ignore
    const value = (isTrained: boolean): number =>
      valueOf(partOf({ type: 'vector-quantization', commitment: 0.25 }, 'encoder', { quantization: { ...quantization, isTrained } }));
    expect(value(true)).toBeCloseTo((1.25 * (4 + 1)) / 2, 6);
    expect(value(false)).toBeCloseTo((0.25 * (4 + 1)) / 2, 6);
  });

  it('follows the moving average of the codes that are rounded to a vector, while it trains alone', () => {
    const scope = createTestScope();
    const book = createCodebook(scope, { numVectors: 2, dimension: 1, decay: 0.5 });
    scope.set('sums', [0, 10]);
    const codes = tf.tensor2d([[1], [2], [9]]);
    book.quantize(codes, createPass(createSeededNoise(), false));
    expect(valuesOf(book.vectors())[1]).toBeCloseTo(10, 3);
    for (let step = 0; step < 40; step++) book.quantize(codes, createPass());
    valuesOf(book.vectors()).forEach((value, i) => expect(value).toBeCloseTo([1.5, 9][i]!, 2));
    expect(valuesOf(scope.variables.get('counts') ?? tf.zeros([0])).map(Math.round)).toEqual([2, 1]);
    expect(scope.variables.get('sums')?.trainable).toBe(false);
  });

  it('generates from vectors of its codebook', () => {
    const { scope, forward } = create(vq);
    const drawn = valuesOf(forward({}, createPass()).sampleLatent(createSeededNoise(), 6));
    const book = valuesOf(scope.variables.get('encoder/codebook/codebook') ?? tf.zeros([0]));
    for (let i = 0; i < drawn.length; i += 2) {
      const at = book.indexOf(drawn[i]!);
      expect(at % 2).toBe(0);
      expect(book[at + 1]).toBe(drawn[i + 1]);
    }
  });

  it('refuses codes that are not made of whole vectors', () => {
    const { model } = create({ ...vq, latent: 4 });
    expect(model.offers).toContain('quantization');
    const facts: Facts = {
      ...{ data: labelled, counts: null, latent: 5, offers: [], players: [], metricColumns: [], trainingColumns: [] },
    };
    expect(buildComponent('model', { ...vq, latent: 5 }).check?.(facts)).toMatchObject({ param: 'latent' });
  });
});
