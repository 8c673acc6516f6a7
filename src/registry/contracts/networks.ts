/** Networks and distributions: the parts that a model is put together from. */
import type * as tf from '@tensorflow/tfjs-core';
import type { DataFacts, Support } from './data.js';
import type { Noise, Pass, Scope, Shape } from './tensors.js';

/** Shapes of one example, without the batch. */
export interface NetworkSizes {
  readonly input: Shape;
  readonly output: Shape;
}

/** Maps [N, ...input] to [N, ...output]. The last layer is linear: what the output means is its user's business. */
export type Apply = (x: tf.Tensor, pass: Pass) => tf.Tensor;

export interface Network {
  build(scope: Scope, sizes: NetworkSizes): Apply;
}

/** How an unbounded output becomes a positive scale. */
export type ScaleForm = 'softplus' | 'exp';

/** A network whose outputs are read as the posterior's mean and (through `scale`) standard deviation. */
export interface Encoder extends Network {
  readonly scale: ScaleForm;
}

/** q(z|x), a diagonal Gaussian per example. Shapes: B batch, L samples, Z latent. */
export interface Posterior {
  readonly mean: tf.Tensor; // [B, Z]
  readonly scale: tf.Tensor; // [B, Z], standard deviation
  readonly logScale: tf.Tensor; // [B, Z]
  /** Reparameterised samples z = mean + scale * noise: [L, B, Z]. */
  sample(noise: Noise, numSamples: number): tf.Tensor;
  /** log q(z|x) summed over Z: [L, B] for z [L, B, Z]. */
  logProb(z: tf.Tensor): tf.Tensor;
}

/** p(z). */
export interface PriorDistribution {
  /** [count, Z] */
  sample(noise: Noise, count: number): tf.Tensor;
  /** log p(z) summed over Z: [...] for z [..., Z]. */
  logProb(z: tf.Tensor): tf.Tensor;
  /** KL(q || p) in closed form, per example and latent: [B, Z]; null where there is none. */
  readonly kl: ((posterior: Posterior) => tf.Tensor) | null;
}

export interface Prior {
  readonly hasClosedFormKl: boolean;
  build(scope: Scope, latent: number): PriorDistribution;
}

/** p(x|z) for given z: a distribution over examples, with any leading axes (batch, samples). */
export interface Observation {
  /** E[x|z], [..., ...shape] in data units. */
  readonly mean: tf.Tensor;
  /** log p(x|z) in nats, summed over the data's axes: [...] for params [..., ...shape]; x broadcasts against it. */
  logProb(x: tf.Tensor): tf.Tensor;
  /** A draw, [..., ...shape]. */
  sample(noise: Noise): tf.Tensor;
}

export interface Likelihood {
  /** Decoder outputs per data value: they come as the last axis, [..., H, W, C * paramsPerValue]. */
  readonly paramsPerValue: number;
  /** Data that this likelihood is a density (or mass) for. */
  readonly supports: readonly Support[];
  /** `params` is what the decoder gave, [..., ...shape with the last axis times paramsPerValue]. */
  build(scope: Scope, data: DataFacts): (params: tf.Tensor) => Observation;
}
