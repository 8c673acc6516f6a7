/** Builds the components of an experiment, those without a fault. */
import type { Kind } from '../../registry/kinds.js';
import { place, type Placed } from '../../registry/instantiate.js';
import type { Path } from '../../registry/path.js';
import type { Registry } from '../../registry/registry.js';
import { ownValue } from '../../registry/values.js';

/** A whole experiment, built. */
export interface BuiltExperiment {
  readonly data: Placed<'dataset'>;
  readonly model: Placed<'model'>;
  readonly optimizer: Placed<'optimizer'>;
  readonly losses: readonly Placed<'loss'>[];
  readonly metrics: readonly Placed<'metric'>[];
  readonly plots: readonly Placed<'plot'>[];
}

/** What of an experiment can be built; null, or missing from a list, where there is a fault. */
export type PartlyBuilt = {
  readonly [Role in keyof BuiltExperiment]: BuiltExperiment[Role] extends readonly unknown[]
    ? BuiltExperiment[Role]
    : BuiltExperiment[Role] | null;
};

/** @param isClean whether nothing at or below a path is at fault. */
export const buildParts = (registry: Registry, experiment: unknown, isClean: (path: Path) => boolean): PartlyBuilt => {
  const one = <K extends Kind>(kind: K, path: Path): Placed<K> | null => {
    const value = path.reduce(ownValue, experiment);
    return value !== undefined && isClean(path) ? place(registry, kind, value, path) : null;
  };
  const all = <K extends Kind>(kind: K, key: string): readonly Placed<K>[] => {
    const list = ownValue(experiment, key);
    return Array.isArray(list) ? list.flatMap((_, i) => one(kind, [key, i]) ?? []) : [];
  };
  return {
    data: one('dataset', ['data']),
    model: one('model', ['model']),
    optimizer: one('optimizer', ['training', 'optimizer']),
    losses: all('loss', 'losses'),
    metrics: all('metric', 'metrics'),
    plots: all('plot', 'plots'),
  };
};

const isBuilt = (parts: PartlyBuilt): parts is BuiltExperiment => parts.data !== null && parts.model !== null && parts.optimizer !== null;

/** For an experiment that has no fault. */
export const assertBuilt = (parts: PartlyBuilt): BuiltExperiment => {
  if (!isBuilt(parts)) throw new Error('An experiment without a fault could not be built.');
  return parts;
};
