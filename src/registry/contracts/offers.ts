/** What models offer by name, for losses, metrics and plots to ask for. */
import type * as tf from '@tensorflow/tfjs-core';
import type { Critique, Observation, Posterior, PriorDistribution } from './networks.js';
import type { Noise } from './tensors.js';

/** Codes [B, Z] that a codebook rounds. */
export interface Quantization {
  readonly encoded: tf.Tensor;
  /** Depends on the codebook, and not on what was encoded. */
  readonly quantized: tf.Tensor;
  /** Whether the codebook learns by gradients. */
  readonly isTrained: boolean;
}

/** Everything that models can offer by name. A model says which of them it does; the rest throw when read. */
export interface Offers {
  /** The batch's examples, [B, ...shape]. */
  readonly x: tf.Tensor;
  /** int32 [B] */
  readonly labels: tf.Tensor;
  /** q(z|x) of the batch. */
  readonly posterior: Posterior;
  /** Samples of the posterior, [L, B, Z]. */
  readonly z: tf.Tensor;
  /** p(x|z) for `z`; leading axes [L, B]. */
  readonly likelihood: Observation;
  readonly prior: PriorDistribution;
  /** KL(q(z|x) || p(z)) in closed form, [B, Z]. */
  readonly kl: tf.Tensor;
  /** q(z|x) of any examples [N, ...shape]. */
  readonly encode: (x: tf.Tensor) => Posterior;
  /** p(x|z) of any codes [..., Z]; leading axes stay. */
  readonly decode: (z: tf.Tensor) => Observation;
  /** log p(x) of the batch, exactly, [B]. */
  readonly evidence: tf.Tensor;
  /** E[x|z] at the samples of the posterior, or what an autoencoder gives back: [B, ...shape]. */
  readonly reconstruction: tf.Tensor;
  /** What the discriminator is to tell apart: examples (or codes) and what the model makes in their place, [B, ...]. */
  readonly real: tf.Tensor;
  readonly fake: tf.Tensor;
  /** The class that each fake was made for, int32 [B]. */
  readonly 'fake.labels': tf.Tensor;
  readonly 'discriminator.real': Critique;
  readonly 'discriminator.fake': Critique;
  /** The discriminator's word on the reconstructions. */
  readonly 'discriminator.reconstruction': Critique;
  /** The discriminator as a function of [B, ...] shaped like `real`, with the batch's labels where it reads labels. */
  readonly discriminate: (x: tf.Tensor) => Critique;
  /** Logits of the classes, [B, K], by a classifier inside the discriminator. */
  readonly 'classes.real': tf.Tensor;
  readonly 'classes.fake': tf.Tensor;
  /** log q(c|x) of the codes that the fakes were made from, [B] (InfoGAN). */
  readonly 'code.logProb': tf.Tensor;
  /** Codes before and after they were rounded to a codebook. */
  readonly quantization: Quantization;
  /** Codes that the model generates from, [count, Z]. */
  readonly sampleLatent: (noise: Noise, count: number) => tf.Tensor;
  /** Codes [N, Z] to examples [N, ...shape]. Where the model has classes and none are given, codes take the classes in turn. */
  readonly generate: (z: tf.Tensor, labels?: tf.Tensor) => tf.Tensor;
  /** Logits of the classes of the batch, [B, K]. */
  readonly 'class.logits': tf.Tensor;
  /** A bound on log p(x, y) of the batch for each class y, [B, K]. */
  readonly 'class.elbo': tf.Tensor;
  /** What the last layer of a classifier reads, [B, numFeatures]. */
  readonly 'class.features': tf.Tensor;
  /** Logits of the classes of any examples [N, ...shape], [N, K], and their features, by the experiment's `classifier`; the model itself has no part in it. */
  readonly classify: Classify;
}

/** The experiment's classifier as a function of examples [N, ...shape]. */
export interface Classify {
  /** Logits of the classes, [N, K]. */
  (x: tf.Tensor): tf.Tensor;
  /** What its last layer reads, [N, numFeatures]: what samples can be compared by. */
  features(x: tf.Tensor): tf.Tensor;
}
/** Name of something that a model may offer. */
export type OfferName = keyof Offers;

/** One line each, for the reference and for "asked for a tensor that the model does not offer". */
export const offerDescriptions: Readonly<Record<OfferName, string>> = {
  x: 'the batch of examples',
  labels: 'the class of each example',
  posterior: 'q(z|x) of the batch',
  z: 'samples of the posterior',
  likelihood: 'p(x|z) at those samples',
  prior: 'p(z)',
  kl: 'KL(q(z|x) || p(z)) in closed form, per latent',
  encode: 'the encoder as a function',
  decode: 'the decoder as a function',
  evidence: 'log p(x), exactly',
  reconstruction: 'what comes back of the batch',
  real: 'what the discriminator is to take for real',
  fake: 'what the model makes in its place',
  'fake.labels': 'the class that each fake was made for',
  'discriminator.real': "the discriminator's word on the real",
  'discriminator.fake': "the discriminator's word on the fakes",
  'discriminator.reconstruction': "the discriminator's word on the reconstructions",
  discriminate: 'the discriminator as a function',
  'classes.real': 'class logits of the real',
  'classes.fake': 'class logits of the fakes',
  'code.logProb': 'log q(c|x) of the codes of the fakes',
  quantization: 'codes before and after they were rounded',
  sampleLatent: 'codes to generate from',
  generate: 'the generator as a function',
  'class.logits': 'class logits of the batch',
  'class.elbo': 'a bound on log p(x, y) for each class',
  'class.features': 'what the last layer of the classifier reads',
  classify: "the experiment's classifier as a function",
};
