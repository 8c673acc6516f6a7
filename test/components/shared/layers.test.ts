/** What may stand between the layers of a network, and networks that convolve. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { InitializerName } from '../../../src/components/shared/initializers.js';
import { createTransposed } from '../../../src/components/shared/layers.js';
import { createMlp, linearOptions } from '../../../src/components/shared/mlp.js';
import { createNormalization } from '../../../src/components/shared/normalization.js';
import { createSpectralNorm } from '../../../src/components/shared/spectral-norm.js';
import { appendDeviation } from '../../../src/components/shared/minibatch.js';
import { stopGradient } from '../../../src/components/shared/stop-gradient.js';
import type { Layers } from '../../../src/registry/contracts/index.js';
import { buildComponent } from '../../support/build.js';
import { expectGradients } from '../../support/finite-differences.js';
import { applyOf, createPass, createSeededNoise, createTestScope, useCpuBackend, valueOf, valuesOf } from '../../support/pass.js';

useCpuBackend();

const irregular = (shape: readonly number[]): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((size, dim) => size * dim, 1) }, (_, i) => Math.sin(1.7 * (i + 1))),
    [...shape],
  );

describe('batch normalization', () => {
  it('standardises each channel over the batch in training, and follows with running statistics', () => {
    const scope = createTestScope();
    const normalize = createNormalization(scope, 2, 'batch');
    const x = tf.tensor2d([1, 10, 3, 30], [2, 2]);
    const expected = [-1, -1, 1, 1];
    valuesOf(normalize(x, createPass())).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 3));
    expect(valuesOf(scope.variables.get('normalization/running-mean')!).map((value) => value.toFixed(4))).toEqual(['0.2000', '2.0000']);
    expect(valuesOf(scope.variables.get('normalization/running-variance')!).map((value) => value.toFixed(4))).toEqual([
      '1.0000',
      '10.9000',
    ]);
  });

  it('uses the running statistics, and leaves them alone, when the model is measured', () => {
    const scope = createTestScope();
    const normalize = createNormalization(scope, 1, 'batch');
    expect(valuesOf(normalize(tf.tensor2d([[2], [4]]), createPass(createSeededNoise(), false))).map((value) => value.toFixed(3))).toEqual([
      '2.000',
      '4.000',
    ]);
    expect(valuesOf(scope.variables.get('normalization/running-mean')!)).toEqual([0]);
  });
});

describe('layer normalization', () => {
  it('standardises each example', () => {
    const normalize = createNormalization(createTestScope(), 2, 'layer');
    expect(valuesOf(normalize(tf.tensor2d([1, 3, 10, 30], [2, 2]), createPass())).map((value) => value.toFixed(2))).toEqual([
      '-1.00',
      '1.00',
      '-1.00',
      '1.00',
    ]);
  });
});

describe('a transposed convolution', () => {
  it('begins with the fans of the convolution that it transposes, as in PyTorch and Keras: k k outputs in, k k inputs out', () => {
    const [from, to, kernel] = [64, 4, 5];
    const drawn = (initializer: InitializerName): readonly [kernel: readonly number[], bias: readonly number[]] => {
      const scope = createTestScope();
      createTransposed(scope, from, [8, 8, to], { kernel, stride: 2 }, linearOptions(initializer));
      return [valuesOf(scope.variables.get('kernel')!), valuesOf(scope.variables.get('bias')!)];
    };
    const varianceOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
    // 6400 draws: the variance is known to 2 %.
    expect(Math.abs(varianceOf(drawn('he-normal')[0]) / (2 / (kernel ** 2 * to)) - 1)).toBeLessThan(0.06);
    expect(Math.abs(varianceOf(drawn('glorot-uniform')[0]) / (2 / (kernel ** 2 * (to + from))) - 1)).toBeLessThan(0.06);
    // ConvTranspose2d(64, 4, 5) of PyTorch: weights and biases are uniform on -0.1 to 0.1.
    const [weights, bias] = drawn('fan-in-uniform').map((values) => Math.max(...values.map(Math.abs)));
    expect(weights).toBeLessThanOrEqual(0.1);
    expect(weights).toBeGreaterThan(0.0999);
    expect(bias).toBeLessThanOrEqual(0.1);
    expect(bias).toBeGreaterThan(1 / Math.sqrt(kernel ** 2 * from));
  });
});

describe('spectral normalization', () => {
  /** The largest singular value of a 2 x 2 matrix, in closed form. */
  const largest = ([a, b, c, d]: readonly number[]): number => {
    const [p, q, r, s] = [a!, b!, c!, d!];
    const sum = p * p + q * q + r * r + s * s;
    return Math.sqrt((sum + Math.sqrt(sum * sum - 4 * (p * s - q * r) ** 2)) / 2);
  };

  it('gives kernels a largest singular value of 1', () => {
    const scope = createTestScope(3);
    const kernel = scope.variable('kernel', [2, 2], (out) => {
      out.set([3, 1, -0.5, 2]);
    });
    const normalize = createSpectralNorm(scope, kernel);
    for (let i = 0; i < 50; i++) normalize(createPass());
    expect(largest(valuesOf(normalize(createPass())))).toBeCloseTo(1, 3);
  });

  it('iterates once in a pass, however often it is asked', () => {
    const scope = createTestScope(3);
    const kernel = scope.variable('kernel', [2, 2], (out) => {
      out.set([3, 1, -0.5, 2]);
    });
    const normalize = createSpectralNorm(scope, kernel);
    const pass = createPass();
    expect(normalize(pass)).toBe(normalize(pass));
  });

  it('has the gradient of W / (u W v) with u and v as they are', () => {
    const scope = createTestScope(3);
    const kernel = scope.variable('kernel', [2, 2], (out) => {
      out.set([3, 1, -0.5, 2]);
    });
    const normalize = createSpectralNorm(scope, kernel);
    for (let i = 0; i < 200; i++) normalize(createPass());
    // At the fixed point the first-order change of u and v does not change sigma, so that plain differences agree.
    expectGradients(() => tf.sum(tf.mul(normalize(createPass(createSeededNoise(), false)), irregular([2, 2]))), [kernel], {
      step: 0.002,
      tolerance: 5e-3,
    });
  });
});

describe('stopGradient', () => {
  it('keeps the value and ends the gradient, of the first and of the second order', () => {
    const x = tf.tensor1d([3]);
    expect(valueOf(tf.grad((v: tf.Tensor) => tf.sum(tf.mul(v, stopGradient(v))))(x))).toBe(3);
    expect(valueOf(tf.grad((v: tf.Tensor) => tf.sum(tf.grad((w: tf.Tensor) => tf.sum(tf.mul(w, stopGradient(w))))(v)))(x))).toBe(0);
  });
});

describe('the deviation of a minibatch', () => {
  it('is one more feature, the same for all', () => {
    expect(valuesOf(appendDeviation(tf.tensor2d([1, 0, 3, 0], [2, 2]))).map((value) => value.toFixed(3))).toEqual([
      '1.000',
      '0.000',
      '0.500',
      '3.000',
      '0.000',
      '0.500',
    ]);
  });
});

describe('dropout', () => {
  const build = (): Layers =>
    createMlp({ ...linearOptions('he-normal'), hidden: [2000], dropout: 0.25 }).build(createTestScope(), { input: [1], output: [1] });

  it('drops its share in training, keeps the mean, and does nothing when the model is measured', () => {
    const layers = build();
    const { features: measured } = layers.apply(tf.ones([1, 1]), createPass(createSeededNoise(), false));
    const { features: trained } = layers.apply(tf.ones([1, 1]), createPass());
    const [a, b] = [valuesOf(measured), valuesOf(trained)];
    const dropped = b.filter((value, i) => value === 0 && a[i] !== 0).length / a.filter((value) => value !== 0).length;
    expect(dropped).toBeCloseTo(0.25, 1);
    b.forEach((value, i) => {
      if (value !== 0) expect(value).toBeCloseTo(a[i]! / 0.75, 4);
    });
  });
});

describe.each([
  [28, 28, 1],
  [30, 17, 3],
  [32, 32, 4],
])('images of %d x %d x %d', (height, width, channels) => {
  const shape = [height, width, channels];
  const small = { filters: [2, 3, 2], hidden: [4] };

  it('go through convolutions to vectors, and come back from codes in the same size', () => {
    const encoder = buildComponent('encoder', { type: 'conv', ...small }).build(createTestScope(), { input: shape, output: [5] });
    const codes = encoder.apply(irregular([2, ...shape]), createPass());
    expect([codes.output.shape, codes.features.shape]).toEqual([
      [2, 5],
      [2, encoder.numFeatures],
    ]);
    const generator = buildComponent('generator', { type: 'dcgan', ...small }).build(createTestScope(), { input: [5], output: shape });
    const image = generator.apply(codes.output, createPass());
    expect([image.output.shape, image.features.shape]).toEqual([
      [2, ...shape],
      [2, generator.numFeatures],
    ]);
  });
});

describe('convolutional networks', () => {
  const tiny = { filters: [2], kernel: 3, hidden: [3], activation: 'tanh' };

  it.each([
    ['encoder', { type: 'conv', ...tiny }, [4, 4, 1], [2]],
    ['discriminator', { type: 'dcgan', ...tiny, minibatchDeviation: true }, [4, 3, 1], [1]],
    ['decoder', { type: 'conv', ...tiny, normalization: 'layer' }, [2], [3, 4, 1]],
    ['generator', { type: 'dcgan', ...tiny, initializer: 'he-normal' }, [2], [4, 4, 1]],
  ] as const)('%s have the gradients of their values', (kind, entry, input, output) => {
    const scope = createTestScope(6);
    const apply = applyOf(buildComponent(kind, entry).build(scope, { input, output }));
    const x = irregular([2, ...input]);
    const trained = [...scope.variables].flatMap(([path, variable]) => (path.includes('running') ? [] : [variable]));
    expectGradients(() => tf.sum(tf.square(apply(x, createPass()))), trained, { tolerance: 5e-3 });
  });

  it.each([
    // Of a batch of one example, normalization would leave nothing.
    ['discriminator', { type: 'dcgan', ...tiny, normalization: 'none' }, [4, 4, 1], [1]],
    ['generator', { type: 'dcgan', ...tiny, normalization: 'none' }, [2], [4, 4, 1]],
    ['discriminator', 'mlp', [3], [1]],
    ['generator', 'mlp', [3], [2]],
  ] as const)('the %s %o reads its condition', (kind, entry, input, output) => {
    const layers = buildComponent(kind, entry).build(createTestScope(2), { input, output, condition: 2 });
    const at = (condition: readonly number[]): number[] =>
      valuesOf(layers.apply(irregular([1, ...input]), createPass(), tf.tensor2d([...condition], [1, 2])).output);
    expect(at([1, 0])).not.toEqual(at([0, 1]));
  });

  it('refuse what is no image before they are built', () => {
    expect(buildComponent('discriminator', 'dcgan').refuses?.({ input: [2], output: [1] })).toContain('convolves images');
    expect(buildComponent('generator', 'dcgan').refuses?.({ input: [2], output: [28, 28, 1] })).toBeNull();
  });

  it('may be any encoder or decoder where an adversarial network is asked for', () => {
    expect(
      buildComponent('discriminator', { type: 'conv', ...tiny }).build(createTestScope(), { input: [4, 4, 1], output: [1] }).numFeatures,
    ).toBe(3);
    expect(buildComponent('generator', 'linear').build(createTestScope(), { input: [2], output: [3] }).numFeatures).toBe(2);
  });
});
