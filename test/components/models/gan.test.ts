import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import gan from '../../../src/components/models/gan.js';
import type { Batch, DataFacts, Facts, Latent, Layers, Model, Network, Offers, Pass } from '../../../src/registry/contracts/index.js';
import { createPass, createSeededNoise, createTestScope, useCpuBackend, valuesOf } from '../../support/pass.js';

useCpuBackend();

const data: DataFacts = { shape: [3], numClasses: 2, support: 'real' };

const normal = (size: number, numParameters: number | null = null): Latent => ({
  size,
  sample: (noise, name, count) => noise.normal(name, [count, size]),
  inference:
    numParameters === null
      ? null
      : { numParameters, logProb: (codes, parameters) => tf.neg(tf.sum(tf.square(tf.sub(codes, parameters)), 1)) },
});

/** One linear layer of what comes in and its condition; features are the input. */
const linear: Network = {
  build: (scope, { input, output, condition = 0 }): Layers => {
    const numInputs = (input[0] ?? 1) + condition;
    const kernel = scope.variable('kernel', [numInputs, output[0] ?? 1], (out) => {
      out.forEach((_, i) => (out[i] = 0.1 * (i + 1)));
    });
    return {
      numFeatures: input[0] ?? 1,
      apply: (x, _, given) => ({ output: tf.matMul(given === undefined ? x : tf.concat([x, given], 1), kernel), features: x }),
    };
  },
};

type Params = Parameters<typeof gan.build>[0];
const createGan = (changes: Partial<Params> = {}): Model =>
  gan.build({
    ...{ latent: normal(2), generator: linear, discriminator: linear, conditioning: 'none', embedding: 4, codes: null },
    ...{ instanceNoise: 0, output: 'auto' },
    ...changes,
  });

const offersOf = (model: Model, batch: Batch, { pass = createPass(), facts = data }: { pass?: Pass; facts?: DataFacts } = {}): Offers =>
  model.build(createTestScope(), facts)(batch, pass);

const x = (): tf.Tensor => tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
const labels = (): tf.Tensor => tf.tensor1d([1, 0], 'int32');

describe('a GAN', () => {
  it('has the discriminator step first, then the generator', () => {
    expect([createGan().players, createGan().updates]).toEqual([
      ['generator', 'discriminator'],
      [['discriminator'], ['generator']],
    ]);
  });

  it('makes as many fakes as there are examples, and judges both', () => {
    const offers = offersOf(createGan(), { x: x() });
    expect(offers.fake.shape).toEqual([2, 3]);
    expect(valuesOf(offers['discriminator.real'].logits).map((value) => value.toFixed(4))).toEqual(['1.4000', '3.2000']);
    const again = offers.discriminate(offers.fake).logits;
    expect(valuesOf(again)).toEqual(valuesOf(offers['discriminator.fake'].logits));
    expect(valuesOf(offers.generate(offers.z))).toEqual(valuesOf(offers.fake));
    expect(offers.sampleLatent(createSeededNoise(3), 5).shape).toEqual([5, 2]);
  });

  it('keeps what it makes within the range of the data', () => {
    const fakes = valuesOf(offersOf(createGan(), { x: x() }, { facts: { ...data, support: 'unit-interval' } }).fake);
    const linearOnes = valuesOf(
      offersOf(createGan({ output: 'linear' }), { x: x() }, { facts: { ...data, support: 'unit-interval' } }).fake,
    );
    fakes.forEach((value, i) => expect(value).toBeCloseTo(1 / (1 + Math.exp(-(linearOnes[i] ?? NaN))), 5));
  });

  it.each(['concatenation', 'embedding', 'projection', 'auxiliary'] as const)('reads labels with conditioning by %s', (conditioning) => {
    const model = createGan({ conditioning });
    expect(model.readsLabels).toBe(true);
    const noise = (): Pass => createPass(createSeededNoise(5));
    const one = offersOf(model, { x: x(), labels: labels() }, { pass: noise() });
    const other = offersOf(model, { x: x(), labels: tf.tensor1d([0, 0], 'int32') }, { pass: noise() });
    // The first example has another class, the second the same.
    const [a, b] = [valuesOf(one.fake), valuesOf(other.fake)];
    expect(a.slice(0, 3)).not.toEqual(b.slice(0, 3));
    expect(a.slice(3)).toEqual(b.slice(3));
    const scores = [one, other].map((offers) => valuesOf(offers['discriminator.real'].logits));
    if (conditioning === 'auxiliary') expect(scores[0]).toEqual(scores[1]);
    else expect(scores[0]?.[0]).not.toEqual(scores[1]?.[0]);
    if (conditioning === 'auxiliary') expect(one['classes.fake'].shape).toEqual([2, 2]);
  });

  it('gives codes the classes in turn where none are asked for', () => {
    const offers = offersOf(createGan({ conditioning: 'concatenation' }), { x: x(), labels: labels() });
    const z = tf.zeros([3, 2]);
    expect(valuesOf(offers.generate(z))).toEqual(valuesOf(offers.generate(z, tf.tensor1d([0, 1, 0], 'int32'))));
  });

  it('refuses classes of data that has none, before training', () => {
    const facts: Facts = {
      ...{ data: { ...data, numClasses: null }, counts: null, latent: 2, offers: [], players: [], metricColumns: [], trainingColumns: [] },
    };
    expect(createGan({ conditioning: 'projection' }).check?.(facts)).toMatchObject({ param: 'conditioning' });
    expect(createGan().check?.(facts)).toBeNull();
    expect(createGan({ codes: normal(2) }).check?.(facts)).toMatchObject({ param: 'codes' });
  });

  it('infers its codes from what was made of them', () => {
    const offers = offersOf(createGan({ codes: normal(1, 1) }), { x: x() });
    expect(offers.z.shape).toEqual([2, 3]);
    expect(offers['code.logProb'].shape).toEqual([2]);
  });

  it('blurs what the discriminator sees while it trains, and only then', () => {
    const model = createGan({ instanceNoise: 0.5 });
    const plain = valuesOf(offersOf(createGan(), { x: x() })['discriminator.real'].logits);
    expect(valuesOf(offersOf(model, { x: x() })['discriminator.real'].logits)).not.toEqual(plain);
    expect(valuesOf(offersOf(model, { x: x() }, { pass: createPass(createSeededNoise(), false) })['discriminator.real'].logits)).toEqual(
      plain,
    );
  });

  it('computes only what is read', () => {
    expect(valuesOf(offersOf(createGan(), {}).generate(tf.zeros([1, 2])))).toHaveLength(3);
    expect(() => offersOf(createGan(), {}).real).toThrow('was given no examples');
    expect(() => offersOf(createGan(), { x: x() })['classes.real']).toThrow('does not offer "classes.real"');
  });
});
