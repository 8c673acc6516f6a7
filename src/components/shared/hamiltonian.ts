/**
 * Hamiltonian Monte Carlo for codes: with momenta r ~ N(0, I), S leapfrog steps of size e along the gradient of log f,
 *
 *   r += e/2 grad,   S times: z += e r, r += e grad   (the last by half),   accepted with probability min(1, f(z') N(r') / f(z) N(r))
 *
 * which leaves f invariant whatever e is. Source: Neal 2011, "MCMC using Hamiltonian dynamics", section 3.2; the acceptance that is aimed
 * at is that of section 4.4. Shapes: C chains, B batch, Z latent.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Noise } from '../../registry/contracts/index.js';

/** Unnormalised, with a temperature: log f(z) = log p(z) + beta log p(x|z). */
export interface Target {
  /** [C, B] of codes [C, B, Z]. */
  readonly logPrior: (z: tf.Tensor) => tf.Tensor;
  readonly logLikelihood: (z: tf.Tensor) => tf.Tensor;
  /** Scalar. */
  readonly beta: tf.Tensor;
}

interface Point {
  readonly z: tf.Tensor;
  readonly gradient: tf.Tensor;
  readonly logDensity: tf.Tensor;
  readonly logLikelihood: tf.Tensor;
}

const evaluate = ({ logPrior, logLikelihood, beta }: Target, z: tf.Tensor): Point => {
  // Both terms are wanted by themselves, and the gradient of their weighted sum: that is what weights of the outputs give.
  const terms = tf.valueAndGrad((codes: tf.Tensor) => tf.stack([logPrior(codes), logLikelihood(codes)]));
  const weights = tf.stack([tf.onesLike(beta), beta]);
  const shape = z.shape.slice(0, -1);
  const { value, grad } = terms(z, tf.mul(tf.reshape(weights, [2, 1, 1]), tf.ones([2, ...shape])));
  const [prior, likelihood] = tf.unstack(value);
  if (prior === undefined || likelihood === undefined) throw new Error('Two stacked tensors came apart as fewer.');
  return { z, gradient: grad, logDensity: tf.add(prior, tf.mul(beta, likelihood)), logLikelihood: likelihood };
};

export interface Transition {
  readonly z: tf.Tensor;
  /** Probability that the proposal was accepted with, [C, B]. */
  readonly acceptance: tf.Tensor;
  /** log p(x|z) before the transition, [C, B]. */
  readonly logLikelihood: tf.Tensor;
}

/** Differences of log densities beyond this are as good as infinite. */
const hopeless = -80;

/** One transition of each chain; `stepSize` is [B]. */
export const transition = (target: Target, z_CBZ: tf.Tensor, stepSize: tf.Tensor, numSteps: number, noise: Noise): Transition => {
  const [chains = 1, batch = 1] = z_CBZ.shape;
  const step_B1 = tf.expandDims(stepSize, 1);
  const half_B1 = tf.mul(step_B1, 0.5);
  const start = evaluate(target, z_CBZ);
  const momentum = noise.normal('momentum', z_CBZ.shape);
  let r = tf.add(momentum, tf.mul(half_B1, start.gradient));
  let end = start;
  for (let i = 1; i <= numSteps; i++) {
    end = evaluate(target, tf.add(end.z, tf.mul(step_B1, r)));
    r = tf.add(r, tf.mul(i === numSteps ? half_B1 : step_B1, end.gradient));
  }
  const kinetic = tf.mul(tf.sub(tf.sum(tf.square(r), -1), tf.sum(tf.square(momentum), -1)), 0.5);
  const gain = tf.sub(tf.sub(end.logDensity, start.logDensity), kinetic);
  // Steps that ran away gave NaN, of which no comparison is true.
  const acceptance = tf.where(tf.greater(gain, hopeless), tf.exp(tf.minimum(gain, 0)), tf.zerosLike(gain));
  // A third axis: which of [C, B] are the examples could not be told where there are as many chains.
  const uniform = noise.uniform('accept', [chains, batch, 1]);
  const isAccepted = tf.less(uniform, tf.mul(tf.expandDims(acceptance, -1), tf.onesLike(z_CBZ)));
  return { z: tf.where(isAccepted, end.z, z_CBZ), acceptance, logLikelihood: start.logLikelihood };
};
