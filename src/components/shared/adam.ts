/**
 * Adam's moments, in the form with the fewest passes over memory: ten elementwise operations per variable.
 *
 *   m_t = b1 m + (1 - b1) g,  v_t = b2 v + (1 - b2) g^2,  step = lr m^ / (sqrt(v^) + eps),  m^ = m_t / (1 - b1^t), v^ = v_t / (1 - b2^t)
 *
 * The slots hold M = m / (1 - b1) and V = v / (1 - b2): M_t = b1 M + g and V_t = b2 V + g^2 follow by division, both start at zero,
 * and with c = sqrt((1 - b2) / (1 - b2^t)) the step is [lr (1 - b1) / ((1 - b1^t) c)] M / (sqrt(V) + eps / c), whose brackets are scalars.
 * Source: Kingma & Ba 2015, "Adam: A Method for Stochastic Optimization", algorithm 1.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { UpdateInput } from '../../registry/contracts/index.js';
import type { Params } from '../../registry/params.js';
import { epsilonParam, slotOf } from './optimizer.js';

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

export const adamParams = {
  beta1: {
    type: 'number',
    minimum: 0,
    exclusiveMaximum: 1,
    default: 0.9,
    description: 'How much of the mean gradient is kept from update to update.',
  },
  beta2: {
    type: 'number',
    minimum: 0,
    exclusiveMaximum: 1,
    default: 0.999,
    description: 'How much of the mean squared gradient is kept from update to update.',
  },
  epsilon: epsilonParam,
} as const satisfies Params;

export const adamSlots = ['gradient-sum', 'square-sum'] as const;

/** 1 - beta^t: what a mean that started at zero lacks after t updates. */
export const biasCorrection = (beta: number, count: tf.Tensor): tf.Tensor => tf.sub(1, tf.pow(beta, count));

/** What Adam takes off the value, shaped like it, and the slots after this update. */
export const adamStep = (
  { gradient, slots, learningRate, count }: UpdateInput,
  { beta1, beta2, epsilon }: AdamOptions,
): { readonly step: tf.Tensor; readonly slots: Readonly<Record<(typeof adamSlots)[number], tf.Tensor>> } => {
  const gradientSum = tf.add(tf.mul(slotOf(slots, 'gradient-sum'), beta1), gradient);
  const squareSum = tf.add(tf.mul(slotOf(slots, 'square-sum'), beta2), tf.square(gradient));
  const unit = tf.sqrt(tf.div(1 - beta2, biasCorrection(beta2, count)));
  const rate = tf.div(tf.mul(learningRate, 1 - beta1), tf.mul(biasCorrection(beta1, count), unit));
  const step = tf.mul(tf.div(gradientSum, tf.add(tf.sqrt(squareSum), tf.div(epsilon, unit))), rate);
  return { step, slots: { 'gradient-sum': gradientSum, 'square-sum': squareSum } };
};
