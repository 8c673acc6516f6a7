/** Datasets: what they load, and what is known of the data before and after loading. */
import type { RandomStreams, Shape } from './tensors.js';

/** Which values one data value can take; a likelihood declares what it can model. */
export type Support = 'binary' | 'unit-interval' | 'real';
export const splitNames = ['train', 'validation', 'test'] as const;
export type SplitName = (typeof splitNames)[number];

/** What a model needs to know of the data. */
export interface DataFacts {
  /** Of one example, channels last: [28, 28, 1], or [2] for points. */
  readonly shape: Shape;
  readonly numClasses: number | null;
  readonly support: Support;
}

/** One split. Examples are read by index, so that the order of a run is the run's and not the data's. */
export interface Examples {
  readonly count: number;
  /**
   * Writes the examples `indices` as a model sees them during `epoch` (binarized, scaled): x is
   * [indices.length, ...shape], row-major. `labels` is filled where there is one and the data has labels.
   */
  read(indices: Int32Array, epoch: number, x: Float32Array, labels?: Int32Array): void;
}

export interface Data extends DataFacts {
  /** What exactly these values are, for reports, e.g. "MNIST, one static Bernoulli sample". */
  readonly description: string;
  readonly splits: Readonly<Record<SplitName, Examples>>;
  /** Content hashes by file or package, for the run's record. */
  readonly hashes: Readonly<Record<string, string>>;
}

export interface LoadContext {
  readonly random: RandomStreams;
  /** Folder that users point at with LATENTLAB_DATA; null if they do not. */
  readonly dataFolder: string | null;
  /** Folder where downloads are kept between runs. */
  readonly cacheFolder: string;
  /** Says what takes long ("downloading ... 9.9 MB"). */
  readonly log: (line: string) => void;
}

export interface Dataset {
  /** What is known without reading a file; null where only the files can tell. */
  readonly facts: DataFacts | null;
  load(context: LoadContext): Promise<Data>;
}
