/** Posteriors that are a code alone, the autoencoders made of them, and what keeps their codes together. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { buildComponent } from '../../support/build.js';
import { expectGradient, expectGradients } from '../../support/finite-differences.js';
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

const networks = {
  latent: 2,
  encoder: { type: 'mlp', hidden: [3], activation: 'tanh' },
  decoder: { type: 'mlp', hidden: [3], activation: 'tanh' },
};
const x = (): tf.Tensor => tf.tensor([1, 0, 0, 1, 0, 1, 1, 1], [2, 2, 2, 1]);
const create = (entry: object) => {
  const scope = createTestScope();
  const model = buildComponent('model', { ...networks, ...entry });
  return { model, scope, forward: model.build(scope, dataFacts([2, 2, 1])) };
};

describe('a point posterior', () => {
  it('is the code that the encoder gives, whatever is drawn, and has no density', () => {
    const posterior = buildComponent('posterior', 'point').build(createTestScope(), 2)(tf.tensor2d([[1, 2]]), 'softplus', createPass());
    expect(valuesOf(posterior.sample(createFixedNoise({}), 2))).toEqual([1, 2, 1, 2]);
    expect(() => posterior.logProb(tf.zeros([1, 1, 2]))).toThrow('take a loss of the codes');
  });

  it('gives a VAE an encoder of half the size, and no closed form of a divergence', () => {
    const { model, scope, forward } = create({ type: 'vae', posterior: 'point' });
    expect(scope.variables.get('encoder/output/bias')?.shape).toEqual([2]);
    expect(model.offers).not.toContain('kl');
    const { z, posterior } = forward({ x: x() }, createPass());
    expect(valuesOf(z)).toEqual(valuesOf(posterior.mean));
  });
});

describe('an autoencoder', () => {
  it('has codes, and no prior to draw them from', () => {
    const { model } = create({ type: 'autoencoder' });
    expect(model.offers).toEqual(['x', 'posterior', 'z', 'likelihood', 'reconstruction', 'encode', 'decode', 'generate']);
  });

  it('is an autoencoder of what is not corrupted, and corrupts while it trains alone', () => {
    const noise = { corruption: [0.1, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9] };
    const codes = (entry: object, training: boolean): readonly number[] =>
      valuesOf(create({ type: 'autoencoder', ...entry }).forward({ x: x() }, createPass(createFixedNoise(noise), training)).z);
    const plain = codes({}, true);
    expect(codes({ corruption: 'masking', amount: 0.5 }, false)).toEqual(plain);
    const masked = create({ type: 'autoencoder' }).forward(
      { x: tf.tensor([0, 0, 0, 1, 0, 1, 1, 1], [2, 2, 2, 1]) },
      createPass(createFixedNoise({})),
    );
    expect(codes({ corruption: 'masking', amount: 0.5 }, true)).toEqual(valuesOf(masked.z));
    expect(codes({ corruption: 'normal', amount: 0.5 }, true)).not.toEqual(plain);
    expect(codes({ corruption: 'normal', amount: 0 }, true)).toEqual(plain);
  });

  it('has the gradients of its reconstruction', () => {
    const { scope, forward } = create({ type: 'autoencoder', corruption: 'masking' });
    const loss = (): tf.Tensor => {
      const { x: examples, likelihood } = forward({ x: x() }, createPass());
      return tf.neg(tf.mean(likelihood.logProb(examples)));
    };
    expectGradients(loss, [...scope.variables.values()]);
  });
});

describe('code-norm', () => {
  it('is half the squared length, averaged over the batch', () => {
    expect(valueOf(partOf('code-norm', 'encoder', { z: tf.tensor3d([[[3, 4], [1, 1]]]) }))).toBeCloseTo((25 + 2) / 4, 6); // prettier-ignore
    expectGradient((z) => partOf('code-norm', 'encoder', { z: tf.reshape(z, [1, 2, 2]) }), [0.3, -1, 0.5, 2]);
  });
});

describe('decoder-slope', () => {
  const kernel = [
    [1, 2, 0],
    [0, -1, 3],
  ];
  const decode = (z: tf.Tensor) => ({
    mean: tf.matMul(z, tf.tensor2d(kernel)),
    logProb: () => tf.zeros([1]),
    sample: () => tf.zeros([1]),
  });
  const z = tf.tensor3d([[[0.5, -1]]]);

  it('is the squared slope along a random direction, by hand', () => {
    const noise = createFixedNoise({ direction: [1, -1, 2] });
    // J'v = (1 - 2, 1 + 6)
    expect(valueOf(partOf('decoder-slope', 'encoder', { z, decode }, noise))).toBeCloseTo(1 + 49, 5);
  });

  it('is the squared norm of the Jacobian on average', () => {
    const values = Array.from({ length: 2000 }, (_, seed) =>
      tf.tidy(() => valueOf(partOf('decoder-slope', 'encoder', { z, decode }, createSeededNoise(seed)))),
    );
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean - 15)).toBeLessThan(1.5);
  });

  it('has the gradients of its values by the weights of a decoder that is not linear', () => {
    const { scope, forward } = create({ type: 'autoencoder' });
    const decoder = [...scope.variables].filter(([path]) => path.startsWith('decoder') && !path.endsWith('output/bias'));
    expectGradients(
      () => partOf('decoder-slope', 'decoder', forward({ x: x() }, createPass())),
      decoder.map(([, variable]) => variable),
    );
  });
});
