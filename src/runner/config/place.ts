/** Places in an experiment as people write them: `losses[1].weight`, and `plots[+]` for one entry more. */
import { parsePath, type Path } from '../../registry/path.js';
import type { Origin } from './origins.js';

/** Behind a list: one entry more. */
export const append = '+';

/** Written as a value: what is there is taken away, so that the default holds. */
export const unset = '${unset}';

/** Why a value cannot be put in its place; a clause. */
export class PlacementProblem extends Error {
  /** Of the value, where it is not the one that the caller speaks of. */
  readonly origin: Origin | null;

  constructor(reason: string, origin: Origin | null = null) {
    super(reason);
    this.origin = origin;
  }
}

/** @throws PlacementProblem */
export const parsePlace = (text: string): Path => {
  const adds = text.endsWith(`[${append}]`);
  const path = parsePath(adds ? text.slice(0, -3) : text);
  if (path === null) throw new PlacementProblem(`${JSON.stringify(text)} is not a path`);
  return adds ? [...path, append] : path;
};

/** Whether a key of a file is a path and no plain word. */
export const isPlace = (key: string): boolean => /[.[]/.test(key);
