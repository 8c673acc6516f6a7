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

interface GainAndBias {
  readonly gain: tf.Variable;
  readonly bias: tf.Variable;
}

const createGainAndBias = (scope: Scope, channels: number): GainAndBias => ({
  gain: scope.variable('gain', [channels], filledWith(1)),
  bias: scope.variable('bias', [channels], zeros),
});

/** 1 / sqrt(variance + epsilon). */
const inverseDeviation = (variance: tf.Tensor): tf.Tensor => tf.rsqrt(tf.add(variance, epsilon));

const createBatchNorm = (scope: Scope, channels: number): Normalize => {
  const { gain, bias } = createGainAndBias(scope, channels);
  const runningMean = scope.state('running-mean', [channels], zeros);
  const runningVariance = scope.state('running-variance', [channels], filledWith(1));
  // What has one number per channel is multiplied first: each pass over all of x takes as long as the rest together.
  const scale = (centred: tf.Tensor, variance: tf.Tensor): tf.Tensor =>
    tf.add(tf.mul(centred, tf.mul(inverseDeviation(variance), gain)), bias);
  return (x, pass) => {
    if (!pass.training) return scale(tf.sub(x, runningMean), runningVariance);
    const axes = x.shape.slice(0, -1).map((_, axis) => axis);
    const mean = tf.mean(x, axes);
    const centred = tf.sub(x, mean);
    const variance = tf.mean(tf.square(centred), axes);
    const follow =
      (value: tf.Tensor) =>
      (current: tf.Tensor): tf.Tensor =>
        tf.add(tf.mul(current, momentum), tf.mul(value, 1 - momentum));
    pass.remember(runningMean, follow(mean));
    pass.remember(runningVariance, follow(variance));
    return scale(centred, variance);
  };
};

const createLayerNorm = (scope: Scope, channels: number): Normalize => {
  const { gain, bias } = createGainAndBias(scope, channels);
  return (x) => {
    const axes = x.shape.slice(1).map((_, axis) => axis + 1);
    const centred = tf.sub(x, tf.mean(x, axes, true));
    const variance = tf.mean(tf.square(centred), axes, true);
    return tf.add(tf.mul(tf.mul(centred, inverseDeviation(variance)), gain), bias);
  };
};

/** Of [N, ..., C] to the same shape; the variables are `gain` and `bias`, and for `batch` the states `running-mean` and `running-variance`. */
export const createNormalization = (scope: Scope, channels: number, name: NormalizationName): Normalize => {
  if (name === 'none') return (x) => x;
  const inside = scope.child('normalization');
  return name === 'batch' ? createBatchNorm(inside, channels) : createLayerNorm(inside, channels);
};
