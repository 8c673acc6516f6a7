/** Plots and samplers: they ask the studio for compiled functions of the model, and give back pictures, or codes. */
import type * as tf from '@tensorflow/tfjs-core';
import type { Data } from './data.js';
import type { OfferName, Offers } from './offers.js';
import type { Draws, Noise, RandomStreams, Shape, Values } from './tensors.js';
import type { Batch, Checked, Column } from './training.js';

/** Shape and element type of an input, which are compiled in. */
export interface TensorSpec {
  readonly shape: Shape;
  readonly dtype: 'float32' | 'int32';
}

/** One row of metrics.csv so far: null where a cell is empty. */
export type HistoryRow = Readonly<Record<string, number | null>>;

/** What codes are drawn from in place of the model's own distribution: the experiment's `sampler`, fitted with the weights of the moment. */
export interface FittedCodes {
  /** Of what family, for captions: `a mixture of Gaussians`. */
  readonly family: string;
  /** Codes, [count, Z]: the same of the same weights. */
  draw(count: number): Promise<Float32Array>;
}

/** What a plot or a sampler works with. */
export interface Studio {
  readonly data: Data;
  /** Numbers per code of the model. */
  readonly latent: number;
  readonly random: RandomStreams;
  /** The metrics' columns without split, and every row up to now (the first is epoch 0, before training). */
  readonly columns: readonly Column[];
  readonly history: readonly HistoryRow[];
  /** Null where the experiment has no `sampler`. */
  readonly fittedCodes: FittedCodes | null;
  /**
   * Compiles a function of the model, to be called as often as wanted. `tick` picks the noise: the same
   * tick, the same draws. Only named inputs may change between calls.
   */
  compile<I extends Readonly<Record<string, TensorSpec>>>(
    name: string,
    inputs: I,
    compute: (
      inputs: { readonly [N in keyof I]: tf.Tensor },
      forward: (batch: Batch) => Offers,
      noise: Noise,
    ) => Readonly<Record<string, tf.Tensor>>,
  ): Promise<(feeds: { readonly [N in keyof I]: Values }, tick: number) => Promise<Readonly<Record<string, Values>>>>;
}

/** When a picture is taken. */
export interface Moment {
  readonly epoch: number;
  readonly step: number;
  readonly isLast: boolean;
}

/** A file that a plot has drawn. */
export interface Picture {
  /** Added to the plot's own name where one plot gives several pictures; '' otherwise. */
  readonly suffix: string;
  /** `images` for tiles of data, `plots` for charts. */
  readonly folder: 'images' | 'plots';
  readonly png: Uint8Array;
  readonly svg: string | null;
  /** What is seen, one sentence; reports print it below the picture. */
  readonly caption: string;
}

/** Draws at a moment, with the weights of then. */
export interface Draw {
  (moment: Moment): Promise<readonly Picture[]>;
  /**
   * For a plot whose pictures are of all its moments: draws them, once, whatever the cadence, behind the last moment (`isLast`) or where
   * training is interrupted. A run that goes on from there draws them anew.
   */
  readonly conclude?: (moment: Moment) => Promise<readonly Picture[]>;
  /** For a plot that draws from earlier moments too: what it keeps of them, by name, so that a run that goes on draws the same. */
  readonly memory?: {
    save(): ReadonlyMap<string, Uint8Array>;
    restore(saved: ReadonlyMap<string, Uint8Array>): void;
  };
}

/** Draws pictures at moments of a run. */
export interface Plot extends Checked {
  readonly needs: readonly OfferName[];
  /** Whether its samples are of `fittedCodes` where the studio has them, so that a need of `sampleLatent` is met by the experiment's sampler. */
  readonly drawsFittedCodes?: boolean;
  /** Called once per run; what it returns is called at each moment of the plot's cadence. */
  prepare(studio: Studio): Promise<Draw>;
}

/** N codes of `size` numbers. */
export interface Codes {
  /** [N, size] */
  readonly values: Float32Array;
  readonly size: number;
}

/** Writes codes one after another, each as long as the fitted ones: as many as `out` has room for. */
export type CodeSampler = (out: Float32Array, draws: Draws) => void | Promise<void>;

/** Fits a distribution to codes; the same codes and draws give the same. */
export type FitCodes = (codes: Codes, draws: Draws) => CodeSampler | Promise<CodeSampler>;

/** What takes the place of a prior afterwards. */
export interface Sampler {
  /** What it fits, for captions: `a Gaussian`. */
  readonly family: string;
  /** Training examples whose codes are fitted, or all of fewer. */
  readonly codes: number;
  /** Called once per run, before there are codes; `numCodes` of them are to come. */
  prepare(studio: Pick<Studio, 'compile' | 'latent'>, numCodes: number): FitCodes | Promise<FitCodes>;
}
