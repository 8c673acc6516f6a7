/** What a sweep is made of: values at paths, settings of axes, and the variants of an experiment that they make. */
import type { Path } from '../../registry/path.js';
import type { Origins } from '../config/origins.js';

/** A value that a run has at a path, whatever the file says there. */
export interface Assignment {
  readonly path: Path;
  readonly value: unknown;
  /** Of the value, at '', and of what is in it, by JSON pointers that begin at it. */
  readonly origins: Origins;
}

/** Where an axis stands, in one run. */
export interface Setting {
  /** The axis as the sweep names it: a name of the user's, or a path. */
  readonly axis: string;
  /** What filters are held against. */
  readonly value: unknown;
  /** The value in a run's name. */
  readonly label: string;
  readonly assignments: readonly Assignment[];
  /** Where the value is written. */
  readonly place: Path;
}

/** Axes that move together: a single one, those of a `zip`, the entries of a list, a draw. */
export type Block = readonly (readonly Setting[])[];

/** One run of a sweep. */
export interface Variant {
  /** Unique in its file, and safe as the name of a folder. */
  readonly name: string;
  /** The label of each axis but the seed, by the axis's name. */
  readonly axes: Readonly<Record<string, string>>;
  readonly settings: readonly Setting[];
}

/** Keys of a file that say which runs it has. */
export const sweepKeys: readonly string[] = ['sweep', 'seeds'];
