/** Networks and distributions: the parts that a model is put together from. */
import type * as tf from '@tensorflow/tfjs-core';
import type { DataFacts, Support } from './data.js';
import type { Noise, Pass, Scope, Shape } from './tensors.js';
import type { Checked } from './training.js';

/** Shapes of one example, without the batch. */
export interface NetworkSizes {
  readonly input: Shape;
  readonly output: Shape;
  /** Numbers per example that come in beside the input (a class, a code), 0 or absent where nothing does. */
  readonly condition?: number;
}

/** What a network gives for N examples. */
export interface NetworkResult {
  /** [N, ...output] of the last layer, which is linear: what it means is its user's business. */
  readonly output: tf.Tensor;
  /** What the last layer reads, [N, numFeatures]. */
  readonly features: tf.Tensor;
}

/** A network with its variables. */
export interface Layers {
  readonly numFeatures: number;
  /** `x` is [N, ...input], `condition` [N, sizes.condition]. */
  apply(x: tf.Tensor, pass: Pass, condition?: tf.Tensor): NetworkResult;
}

/** Layers of any sort, for sizes that its user says. */
export interface Network {
  /** The param by which what it gives for an example hangs on the others of a batch, while it is trained; absent where none does. */
  readonly coupledBy?: string;
  /** Why it cannot have these sizes, as a clause, before it is built: "convolves images of [height, width, channels], ..."; null: it can. */
  refuses?(sizes: NetworkSizes): string | null;
  build(scope: Scope, sizes: NetworkSizes): Layers;
}

/** Codes that a generator starts from. */
export interface Latent {
  /** Numbers per code. */
  readonly size: number;
  /** [count, size]; draws are named `<name>` or begin with `<name>-`. */
  sample(noise: Noise, name: string, count: number): tf.Tensor;
  /**
   * log p(code | parameters) per example, [N], for codes [N, size] and the `numParameters` numbers per example that an inference
   * network gives (InfoGAN); null where the latent cannot be inferred so.
   */
  readonly inference: { readonly numParameters: number; logProb(codes: tf.Tensor, parameters: tf.Tensor): tf.Tensor } | null;
}

/** What a discriminator says of N examples. */
export interface Critique {
  /** Its unbounded output, [N]: the log odds of being real, or the score of a critic. */
  readonly logits: tf.Tensor;
  /** What its last layer reads, [N, numFeatures]. */
  readonly features: tf.Tensor;
}

/** Tells the classes of examples apart: what names the digits of samples. Trained once per data set, and kept. */
export interface Classifier extends Checked {
  /** How: what the file of an experiment would say beside `data`. Its model offers `class.logits`, and `accuracy` is among its metrics. */
  readonly experiment: {
    readonly model: unknown;
    readonly losses: readonly unknown[];
    readonly training: Readonly<Record<string, unknown>> & { readonly batchSize: number };
    readonly metrics: readonly unknown[];
  };
}

/** How an unbounded output becomes a positive scale. */
export type ScaleForm = 'softplus' | 'exp';

/** A network whose outputs are read as the posterior's mean and (through `scale`) standard deviation. */
export interface Encoder extends Network {
  readonly scale: ScaleForm;
}

/** q(z|x) per example: a diagonal Gaussian, or what a component of the kind `posterior` makes of one. Shapes: B batch, L samples, Z latent. */
export interface Posterior {
  /** The one code that stands for an example, [B, Z]: the mean, or where that is not known what the mean of the Gaussian becomes. */
  readonly mean: tf.Tensor;
  readonly scale: tf.Tensor; // [B, Z], standard deviation
  readonly logScale: tf.Tensor; // [B, Z]
  /** Reparameterised samples z = mean + scale * noise: [L, B, Z]. */
  sample(noise: Noise, numSamples: number): tf.Tensor;
  /** log q(z|x) summed over Z: [L, B] for z [L, B, Z]. Flows know it of what their own `sample` gave alone, and throw otherwise. */
  logProb(z: tf.Tensor): tf.Tensor;
}

/** Which closed forms hold: those for diagonal Gaussians, for one-hot codes (`mean` has the probabilities), or none. */
export type PosteriorForm = 'gaussian' | 'categorical' | 'other';

/** What q(z|x) is, by what the encoder says of x. */
export interface PosteriorFamily {
  readonly form: PosteriorForm;
  /** Classes of each group of one-hot numbers; absent for other codes. */
  readonly classes?: number;
  /** Numbers that the encoder gives for a code of this size. */
  numParameters(latent: number): number;
  /** Why codes cannot have this size, as a clause; null: they can. Absent: they can have any. */
  refuses?(latent: number): string | null;
  /** Makes its variables; then, of the encoder's output [B, numParameters], the posterior. */
  build(scope: Scope, latent: number): (output: tf.Tensor, scale: ScaleForm, pass: Pass) => Posterior;
}

/** p(z). */
export interface PriorDistribution {
  /** [count, Z] */
  sample(noise: Noise, count: number): tf.Tensor;
  /** log p(z) summed over Z: [...] for z [..., Z]. */
  logProb(z: tf.Tensor): tf.Tensor;
  /** Whether codes are of finitely many kinds, so that gradients lead from none to another; false if absent. */
  readonly isDiscrete?: boolean;
  /** KL(q || p) in closed form, per example and latent: [B, Z]; null where there is none. */
  readonly kl: ((posterior: Posterior) => tf.Tensor) | null;
  /** For a prior that is made of posteriors or of networks: itself, with the encoder of a pass and the pass, which it cannot do without. */
  readonly within?: (encode: (x: tf.Tensor) => Posterior, pass: Pass) => PriorDistribution;
}

/** A distribution of codes, for as many latents as a model has. */
export interface Prior {
  readonly hasClosedFormKl: boolean;
  /** What posteriors its codes are for and its closed form holds of; Gaussian ones (and others over real numbers) if absent. */
  readonly form?: PosteriorForm;
  readonly classes?: number;
  /** `data`: of the examples that a prior made of posteriors is made with. */
  build(scope: Scope, latent: number, data?: DataFacts): PriorDistribution;
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

/** A family of distributions of examples, by what a decoder gives. */
export interface Likelihood {
  /** Decoder outputs per data value: they come as the last axis, [..., H, W, C * paramsPerValue]. */
  readonly paramsPerValue: number;
  /** Data that this likelihood is a density (or mass) for. */
  readonly supports: readonly Support[];
  /** Where it is a mass and not a density: over so many values, evenly spaced from 0 to 1. Absent: over 0 and 1 for binary data. */
  readonly levels?: number;
  /** `params` is what the decoder gave, [..., ...shape with the last axis times paramsPerValue]. */
  build(scope: Scope, data: DataFacts): (params: tf.Tensor) => Observation;
}
