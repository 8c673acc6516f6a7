/** Activations between layers, by name; all map [...] to [...], element by element. */
import * as tf from '@tensorflow/tfjs-core';
import type { Param } from '../../registry/params.js';

/** Every activation, by name. */
export const activationNames = ['relu', 'leaky-relu', 'elu', 'selu', 'gelu', 'swish', 'softplus', 'tanh', 'sigmoid'] as const;
/** One of them. */
export type ActivationName = (typeof activationNames)[number];

/** [...] to [...], element by element. */
export type Activation = (x: tf.Tensor) => tf.Tensor;

/** Below zero: the slope of `leaky-relu`, where a network has no other. */
export const defaultSlope = 0.01;

/** The activations as functions of a tensor [...], element by element. */
export const activations: Readonly<Record<ActivationName, Activation>> = {
  relu: (x) => tf.relu(x),
  'leaky-relu': (x) => tf.leakyRelu(x, defaultSlope),
  elu: (x) => tf.elu(x),
  selu: (x) => tf.selu(x),
  // The exact form, x Phi(x), of Hendrycks & Gimpel 2016; their tanh formula approximates it.
  gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  swish: (x) => tf.mul(x, tf.sigmoid(x)),
  softplus: (x) => tf.softplus(x),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
};

/** Param of networks: what follows each hidden layer. */
export const activationParam = {
  type: 'string',
  enum: activationNames,
  default: 'relu',
  description:
    'What follows each hidden layer; `leaky-relu` has a small slope below zero, `gelu` is the exact x Phi(x), `swish` is x sigmoid(x).',
} as const satisfies Param;
