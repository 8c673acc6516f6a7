/** Datasets: what they load, and what is known of the data before and after loading. */
import type { Draws, RandomStreams, Shape } from './tensors.js';
import type { Misfit } from './training.js';

/** Which values one data value can take; a likelihood declares what it can model. */
export type Support = 'binary' | 'unit-interval' | 'real';
/** What examples are divided into: trained with, watched while training, kept for the end. */
export const splitNames = ['train', 'validation', 'test'] as const;
/** One of the splits. */
export type SplitName = (typeof splitNames)[number];

/** Equally likely isotropic Gaussians that examples are drawn from, where that is known: what samples can be held against. */
export interface GaussianMixture {
  /** One centre per mode, each as long as an example. */
  readonly means: readonly (readonly number[])[];
  /** Standard deviation of every mode in every direction. */
  readonly deviation: number;
}

/** Something that examples differ in, and that is known of each. */
export interface Factor {
  readonly name: string;
  /** How many values it takes: 0, 1, ... */
  readonly numValues: number;
  /** Whether its values have an order, as sizes have and shapes have not. */
  readonly isOrdered: boolean;
}

/** What a model needs to know of the data. */
export interface DataFacts {
  /** Of one example, channels last: [28, 28, 1], or [2] for points. */
  readonly shape: Shape;
  readonly numClasses: number | null;
  readonly support: Support;
  /** Names of the classes, by label, where they have names. */
  readonly classNames?: readonly string[];
  readonly mixture?: GaussianMixture;
  /** What examples were made of, where that is known: a label is the number whose digits are their values, the last factor's the lowest. */
  readonly factors?: readonly Factor[];
}

/** One split. Examples are read by index, so that the order of a run is the run's and not the data's. */
export interface Examples {
  readonly count: number;
  /**
   * Writes the examples `indices` as a model sees them during `epoch` (binarized, scaled): x is
   * [indices.length, ...shape], row-major. `labels` is filled where there is one and the data has labels: -1 where one is hidden.
   */
  read(indices: Int32Array, epoch: number, x: Float32Array, labels?: Int32Array): void;
  /** The same examples without augmentation, as metrics and plots see them; absent where there is none. */
  readonly plain?: Pick<Examples, 'read'>;
}

/** A data set that was loaded. */
export interface Data extends DataFacts {
  /** What exactly these values are, for reports, e.g. "MNIST, one static Bernoulli sample". */
  readonly description: string;
  readonly splits: Readonly<Record<SplitName, Examples>>;
  /** Content hashes by file or package, for the run's record. */
  readonly hashes: Readonly<Record<string, string>>;
}

/** What a data set gets when it is loaded: randomness, folders, and somebody to tell. */
export interface LoadContext {
  readonly random: RandomStreams;
  /** Folder that users point at with LATENTLAB_DATA; null if they do not. */
  readonly dataFolder: string | null;
  /** Folder where downloads are kept between runs. */
  readonly cacheFolder: string;
  /** Says what takes long ("downloading ... 9.9 MB"). */
  readonly log: (line: string) => void;
}

/** Where examples come from, by the params of its component. */
export interface Dataset {
  /** What is known without reading a file; null where only the files can tell. */
  readonly facts: DataFacts | null;
  /** Examples of each split, where that is known without reading a file. Throws what `load` would of sizes that do not fit. */
  counts?(): Readonly<Record<SplitName, number>>;
  load(context: LoadContext): Promise<Data>;
}

/** Changes examples on the host, after the dataset has read them: resizing for all splits, augmentation for training steps alone. */
export interface Transform {
  /**
   * True for augmentation: examples are changed for training steps alone, anew in each epoch. Where it changes the shape, metrics, plots
   * and the other splits get the middle of every draw: a random crop is a crop of the centre there.
   */
  readonly random: boolean;
  /** What is known of the data afterwards, or why it cannot be changed so. */
  facts(data: DataFacts): DataFacts | Misfit;
  /** For examples of `data`, which `facts` accepted. `draws` belong to the example and the epoch; transforms that are not random leave them alone. */
  prepare(data: DataFacts): (example: Float32Array, out: Float32Array, draws: Draws) => void;
}
