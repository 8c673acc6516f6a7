/** Layers of networks: a linear map (dense, convolution, transposed convolution), then normalization, activation and dropout. */
import * as tf from '@tensorflow/tfjs-core';
import type { Network, Pass, Scope, Shape } from '../../registry/contracts/index.js';
import type { Params } from '../../registry/params.js';
import { activationParam, activations, defaultSlope, type ActivationName } from './activations.js';
import { initializerParam, initializers, type InitializerName } from './initializers.js';
import { createNormalization, normalizationParam, type NormalizationName } from './normalization.js';
import { createSpectralNorm, spectralNormParam } from './spectral-norm.js';

/** [N, ...] to [N, ...], in a pass. */
export type Layer = (x: tf.Tensor, pass: Pass) => tf.Tensor;

/** Values of the params that layers have in common. */
export interface LayerOptions {
  readonly activation: ActivationName;
  /** Of `leaky-relu`. */
  readonly slope: number;
  readonly initializer: InitializerName;
  readonly normalization: NormalizationName;
  readonly spectralNorm: boolean;
  /** Share of values that are dropped. */
  readonly dropout: number;
}

/** Params that layers have in common. */
export const layerParams = {
  activation: activationParam,
  slope: {
    type: 'number',
    minimum: 0,
    default: defaultSlope,
    readWhen: { param: 'activation', is: ['leaky-relu'] },
    description: 'Slope of `leaky-relu` below zero.',
  },
  initializer: initializerParam,
  normalization: normalizationParam,
  spectralNorm: spectralNormParam,
  dropout: {
    type: 'number',
    minimum: 0,
    exclusiveMaximum: 1,
    default: 0,
    description: 'Share of the values behind each hidden layer that is dropped while training (Srivastava et al. 2014).',
  },
} as const satisfies Params;

/** What Radford et al. 2016 take in discriminators. */
export const leakySlope = 0.2;

type Weights = (pass: Pass) => tf.Tensor;

const createWeights = (scope: Scope, shape: Shape, { initializer, spectralNorm }: LayerOptions): Weights => {
  const kernel = scope.variable('kernel', shape, initializers[initializer].kernel);
  return spectralNorm ? createSpectralNorm(scope, kernel) : () => kernel;
};

/** x W + b: [N, numInputs] to [N, numOutputs]. */
export const createDenseLayer = (scope: Scope, numInputs: number, numOutputs: number, options: LayerOptions): Layer => {
  const weights = createWeights(scope, [numInputs, numOutputs], options);
  const offsets = scope.variable('bias', [numOutputs], initializers[options.initializer].bias(numInputs));
  return (x, pass) => tf.add(tf.matMul(x, weights(pass)), offsets);
};

/** A square window of `kernel` pixels a side, moved by `stride`. */
export interface Window {
  readonly kernel: number;
  readonly stride: number;
}

/** [N, H, W, from] to [N, ceil(H / stride), ceil(W / stride), to]. */
export const createConvolution = (scope: Scope, from: number, to: number, { kernel, stride }: Window, options: LayerOptions): Layer => {
  const weights = createWeights(scope, [kernel, kernel, from, to], options);
  const offsets = scope.variable('bias', [to], initializers[options.initializer].bias(kernel * kernel * from));
  return (x, pass) => {
    const [count = 1, height = 1, width = 1] = x.shape;
    const image = tf.reshape<tf.Rank.R4>(x, [count, height, width, from]);
    const filter = tf.reshape<tf.Rank.R4>(weights(pass), [kernel, kernel, from, to]);
    return tf.add(tf.conv2d(image, filter, stride, 'same'), offsets);
  };
};

/** [N, h, w, from] to [N, height, width, to]: the transpose of a convolution that makes h x w of height x width. */
export const createTransposed = (
  scope: Scope,
  from: number,
  [height = 1, width = 1, to = 1]: Shape,
  { kernel, stride }: Window,
  options: LayerOptions,
): Layer => {
  const weights = createWeights(scope, [kernel, kernel, to, from], options);
  // As of its kernel, whose inputs are those of the convolution that it transposes.
  const offsets = scope.variable('bias', [to], initializers[options.initializer].bias(kernel * kernel * to));
  return (x, pass) => {
    const [count = 1, h = 1, w = 1] = x.shape;
    const image = tf.reshape<tf.Rank.R4>(x, [count, h, w, from]);
    const filter = tf.reshape<tf.Rank.R4>(weights(pass), [kernel, kernel, to, from]);
    return tf.add(tf.conv2dTranspose(image, filter, [count, height, width, to], stride, 'same'), offsets);
  };
};

/** Whether layers of these options let the examples of a batch hang on each other, as a network says it. */
export const couplingOf = ({ normalization }: LayerOptions): Pick<Network, 'coupledBy'> =>
  normalization === 'batch' ? { coupledBy: 'normalization' } : {};

/** Normalization, activation and dropout behind a linear layer with this many channels. */
export const createFinish = (scope: Scope, channels: number, { activation, slope, normalization, dropout }: LayerOptions): Layer => {
  const normalize = createNormalization(scope, channels, normalization);
  const activate = activation === 'leaky-relu' ? (x: tf.Tensor) => tf.leakyRelu(x, slope) : activations[activation];
  return (x, pass) => {
    const active = activate(normalize(x, pass));
    if (dropout === 0 || !pass.training) return active;
    const kept = tf.cast(tf.greaterEqual(pass.noise.uniform(`${scope.path}/dropout`, active.shape), dropout), 'float32');
    // Players that draw the same noise share the mask.
    return tf.mul(active, tf.div(kept, 1 - dropout));
  };
};

/**
 * The condition that a network concatenates, [N, size]; null for one that was built without.
 * @throws Error where it is not what the network was built for: to leave it out would train another model than the one asked for.
 */
export const checkedCondition = (given: tf.Tensor | undefined, size: number): tf.Tensor | null => {
  const got = given === undefined ? 0 : (given.shape[1] ?? 0);
  if (got !== size)
    throw new Error(`the network is built for a condition of ${String(size)} numbers per example, and is given ${String(got)}`);
  return given === undefined || size === 0 ? null : given;
};

/** Layers, one behind the other. */
export const inTurn =
  (...layers: readonly Layer[]): Layer =>
  (x, pass) =>
    layers.reduce((value, layer) => layer(value, pass), x);
