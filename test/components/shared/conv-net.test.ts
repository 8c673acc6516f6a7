/** Convolutional networks as a whole: where they normalize, what they refuse, and what their critics' penalties differentiate. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Kind } from '../../../src/registry/kinds.js';
import { buildComponent } from '../../support/build.js';
import { expectGradients } from '../../support/finite-differences.js';
import { applyOf, createPass, createSeededNoise, createTestScope, useCpuBackend, valuesOf } from '../../support/pass.js';

useCpuBackend();

const irregular = (shape: readonly number[]): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((size, dim) => size * dim, 1) }, (_, i) => Math.sin(1.7 * (i + 1))),
    [...shape],
  );

const small = { filters: [2, 3], kernel: 3, hidden: [4] };
const image = [5, 4, 2];

/** The layers that have a variable or state whose path ends so. */
const layersWith = (paths: Iterable<string>, ending: string): string[] =>
  [...paths].filter((path) => path.endsWith(ending)).map((path) => path.split('/')[0] ?? '');

describe('a DCGAN', () => {
  it('does not normalize the first layer of its discriminator', () => {
    const scope = createTestScope();
    buildComponent('discriminator', { type: 'dcgan', ...small }).build(scope, { input: image, output: [1] });
    expect(layersWith(scope.variables.keys(), 'running-mean')).toEqual(['convolution-1', 'hidden-0']);
  });

  it('does not normalize the last layer of its generator', () => {
    const scope = createTestScope();
    buildComponent('generator', { type: 'dcgan', ...small }).build(scope, { input: [3], output: image });
    expect(layersWith(scope.variables.keys(), 'running-mean')).toEqual(['hidden-0', 'start', 'convolution-0']);
  });

  it('begins with weights of deviation 0.02', () => {
    const scope = createTestScope();
    buildComponent('generator', { type: 'dcgan', filters: [16, 32], hidden: [64] }).build(scope, { input: [8], output: [8, 8, 1] });
    const kernels = [...scope.variables].flatMap(([path, variable]) => (path.endsWith('kernel') ? valuesOf(variable) : []));
    expect(Math.sqrt(kernels.reduce((sum, value) => sum + value * value, 0) / kernels.length)).toBeCloseTo(0.02, 3);
  });

  it.each([
    [{}, 0.2],
    [{ slope: 0.05 }, 0.05],
  ])('with %o has a slope of %d below zero', (given, slope) => {
    const scope = createTestScope();
    const entry = { type: 'dcgan', filters: [1], kernel: 1, stride: 1, hidden: [], normalization: 'none', ...given };
    const layers = buildComponent('discriminator', entry).build(scope, { input: [1, 2, 1], output: [1] });
    scope.set('convolution-0/kernel', [1]);
    const [below, above] = valuesOf(layers.apply(tf.tensor4d([-3, 2], [1, 1, 2, 1]), createPass()).features);
    expect(below).toBeCloseTo(-3 * slope, 6);
    expect(above).toBe(2);
  });
});

describe('spectral normalization of a convolutional network', () => {
  /** The largest singular value of a row-major matrix, by power iteration in double precision. */
  const largest = (matrix: readonly number[], columns: number): number => {
    const rows = Array.from({ length: matrix.length / columns }, (_, r) => matrix.slice(r * columns, (r + 1) * columns));
    let right = Array.from({ length: columns }, (_, i) => 1 + i / 7);
    let norm = 0;
    for (let i = 0; i < 500; i++) {
      const left = rows.map((row) => row.reduce((sum, value, c) => sum + value * (right[c] ?? 0), 0));
      const next = right.map((_, c) => rows.reduce((sum, row, r) => sum + (row[c] ?? 0) * (left[r] ?? 0), 0));
      norm = Math.hypot(...next);
      right = next.map((value) => value / norm);
    }
    return Math.sqrt(norm);
  };

  it('follows the singular vector of every kernel, which divides by the largest singular value within 50 passes', () => {
    const scope = createTestScope(5);
    const entry = { type: 'dcgan', ...small, normalization: 'none', spectralNorm: true };
    const layers = buildComponent('discriminator', entry).build(scope, { input: image, output: [1] });
    for (let i = 0; i < 50; i++) layers.apply(irregular([1, ...image]), createPass());
    const kernels = [...scope.variables].filter(([path]) => path.endsWith('kernel'));
    expect(kernels.map(([path]) => path)).toEqual(['convolution-0/kernel', 'convolution-1/kernel', 'hidden-0/kernel', 'output/kernel']);
    for (const [path, kernel] of kernels) {
      const columns = kernel.shape.at(-1) ?? 1;
      const values = valuesOf(kernel);
      const right = valuesOf(scope.variables.get(path.replace('kernel', 'singular-vector')) ?? tf.tensor1d([]));
      const product = Array.from({ length: values.length / columns }, (_, r) =>
        right.reduce((sum, value, c) => sum + value * (values[r * columns + c] ?? 0), 0),
      );
      expect(Math.hypot(...product) / largest(values, columns), path).toBeCloseTo(1, 3);
    }
  });
});

describe('the slope of a convolutional critic', () => {
  const entry = {
    type: 'dcgan',
    filters: [2],
    kernel: 3,
    hidden: [3],
    normalization: 'none',
    initializer: 'he-normal',
    activation: 'tanh',
  };

  it.each([{}, { normalization: 'layer' }, { minibatchDeviation: true }])(
    'with %o has the gradients of its values, as a penalty on it needs',
    (given) => {
      const scope = createTestScope(6);
      const apply = applyOf(buildComponent('discriminator', { ...entry, ...given }).build(scope, { input: [4, 3, 1], output: [1] }));
      // Of two examples the deviation is |a - b| / 2, and a difference across its kink would measure nothing.
      const x = irregular([3, 4, 3, 1]);
      const penalty = (): tf.Tensor => {
        const pass = createPass(createSeededNoise(), false);
        return tf.sum(tf.square(tf.grad((at: tf.Tensor) => tf.sum(apply(at, pass)))(x)));
      };
      // The last bias moves all scores alike, and no slope.
      const trained = [...scope.variables].flatMap(([path, variable]) => (path === 'output/bias' ? [] : [variable]));
      // A layer of three is normalized with such curvature that the usual step leaves an error of h^4 as large as the tolerance.
      expectGradients(penalty, trained, { step: 0.01, tolerance: 5e-3 });
    },
  );
});

describe('networks', () => {
  const ofPoints: readonly (readonly [
    Kind & ('encoder' | 'discriminator' | 'decoder' | 'generator'),
    string,
    readonly number[],
    readonly number[],
  ])[] = [
    ['encoder', 'conv', [7], [2]],
    ['discriminator', 'dcgan', [7], [1]],
    ['decoder', 'conv', [2], [7]],
    ['generator', 'dcgan', [2], [7]],
  ];

  it.each(ofPoints)('the %s %s is not built for what is no image', (kind, type, input, output) => {
    const network = buildComponent(kind, type);
    expect(network.refuses?.({ input, output })).toContain('[7]');
    expect(() => network.build(createTestScope(), { input, output })).toThrow('[height, width, channels]');
  });

  const sized: readonly (readonly ['discriminator' | 'generator', string | object, readonly number[], readonly number[]])[] = [
    ['discriminator', 'mlp', [3], [1]],
    ['discriminator', { type: 'dcgan', ...small }, image, [1]],
    ['generator', { type: 'dcgan', ...small }, [3], image],
  ];

  it.each(sized)('the %s %o does not pass over a condition that it was not built for', (kind, entry, input, output) => {
    const apply = (condition: number, given?: tf.Tensor): unknown =>
      buildComponent(kind, entry)
        .build(createTestScope(), { input, output, condition })
        .apply(irregular([2, ...input]), createPass(), given);
    expect(() => apply(0, tf.zeros([2, 2]))).toThrow('condition of 0 numbers');
    expect(() => apply(2)).toThrow('condition of 2 numbers');
    expect(() => apply(2, tf.zeros([2, 3]))).toThrow('given 3');
    expect(() => apply(2, tf.zeros([2, 2]))).not.toThrow();
  });
});
