/**
 * Normalization between a layer and its activation. Shapes: N examples, C channels (the last axis).
 * Sources: Ioffe & Szegedy 2015 (batch), Ba, Kiros & Hinton 2016 (layer).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Pass, Scope } from '../../registry/contracts/index.js';
import type { Param } from '../../registry/params.js';
import { filledWith, zeros } from './initializers.js';

const normalizationNames = ['none', 'batch', 'layer'] as const;
export type NormalizationName = (typeof normalizationNames)[number];

export const normalizationParam = {
  type: 'string',
  enum: normalizationNames,
  default: 'none',
  description:
    'What stands between a hidden layer and its activation: `batch` normalization over the batch (running statistics when the model is ' +
    'measured), or `layer` normalization over each example.',
} as const satisfies Param;

const epsilon = 1e-5;
/** What running statistics keep of themselves in each step. */
const momentum = 0.9;

export type Normalize = (x: tf.Tensor, pass: Pass) => tf.Tensor;

const standardise = (x: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor): tf.Tensor =>
  tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));

const createGainAndBias = (scope: Scope, channels: number): ((x: tf.Tensor) => tf.Tensor) => {
  const gain = scope.variable('gain', [channels], filledWith(1));
  const bias = scope.variable('bias', [channels], zeros);
  return (x) => tf.add(tf.mul(x, gain), bias);
};

const createBatchNorm = (scope: Scope, channels: number): Normalize => {
  const scale = createGainAndBias(scope, channels);
  const runningMean = scope.state('running-mean', [channels], zeros);
  const runningVariance = scope.state('running-variance', [channels], filledWith(1));
  return (x, pass) => {
    if (!pass.training) return scale(standardise(x, runningMean, runningVariance));
    const axes = x.shape.slice(0, -1).map((_, axis) => axis);
    const mean = tf.mean(x, axes);
    const variance = tf.mean(tf.square(tf.sub(x, mean)), axes);
    const follow =
      (value: tf.Tensor) =>
      (current: tf.Tensor): tf.Tensor =>
        tf.add(tf.mul(current, momentum), tf.mul(value, 1 - momentum));
    pass.remember(runningMean, follow(mean));
    pass.remember(runningVariance, follow(variance));
    return scale(standardise(x, mean, variance));
  };
};

const createLayerNorm = (scope: Scope, channels: number): Normalize => {
  const scale = createGainAndBias(scope, channels);
  return (x) => {
    const axes = x.shape.slice(1).map((_, axis) => axis + 1);
    const mean = tf.mean(x, axes, true);
    const variance = tf.mean(tf.square(tf.sub(x, mean)), axes, true);
    return scale(standardise(x, mean, variance));
  };
};

/** Of [N, ..., C] to the same shape; the variables are `gain` and `bias`, and for `batch` the states `running-mean` and `running-variance`. */
export const createNormalization = (scope: Scope, channels: number, name: NormalizationName): Normalize => {
  if (name === 'none') return (x) => x;
  const inside = scope.child('normalization');
  return name === 'batch' ? createBatchNorm(inside, channels) : createLayerNorm(inside, channels);
};
