/** Builds the components of an experiment, those without a fault. */
import type { Kind } from '../../registry/kinds.js';
import { place, type Placed } from '../../registry/instantiate.js';
import type { Path } from '../../registry/path.js';
import type { Registry } from '../../registry/registry.js';
import { ownValue } from '../../registry/values.js';
import { transformMisfits, withTransforms, type TransformMisfit } from '../data/transformed.js';

/** The dataset behind its transforms, and those of them that do not fit it, as far as its files need not be read for that. */
export interface PlacedData extends Placed<'dataset'> {
  readonly misfits: readonly (TransformMisfit & { readonly transform: string })[];
}

/** A whole experiment, built. */
export interface BuiltExperiment {
  readonly data: PlacedData;
  readonly model: Placed<'model'>;
  /** Null where the experiment has none. */
  readonly classifier: Placed<'classifier'> | null;
  /** Null where metrics draw from the model's prior. */
  readonly sampler: Placed<'sampler'> | null;
  readonly optimizer: Placed<'optimizer'>;
  /** Of the entries of `training.updates` that have one of their own, by the entry's place. */
  readonly updateOptimizers: ReadonlyMap<number, Placed<'optimizer'>>;
  readonly losses: readonly Placed<'loss'>[];
  readonly metrics: readonly Placed<'metric'>[];
  readonly plots: readonly Placed<'plot'>[];
}

/** What of an experiment can be built; null, or missing from a list, where there is a fault. */
export type PartlyBuilt = {
  readonly [Role in keyof BuiltExperiment]: BuiltExperiment[Role] extends readonly unknown[] | ReadonlyMap<number, unknown>
    ? BuiltExperiment[Role]
    : BuiltExperiment[Role] | null;
};

const transformData = (data: Placed<'dataset'>, experiment: unknown): PlacedData => {
  const { transforms } = data.common;
  const names = transforms.map((_, i) => String([...data.path, 'transforms', i, 'type'].reduce(ownValue, experiment)));
  const misfits = transformMisfits(data.component.facts, transforms).map((each) => ({ ...each, transform: names[each.index] ?? '' }));
  return { ...data, component: withTransforms(data.component, transforms, names), misfits };
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
  const orNone = <K extends Kind>(kind: K, key: string): Placed<K> | null =>
    (ownValue(experiment, key) ?? null) === null ? null : one(kind, [key]);
  const data = one('dataset', ['data']);
  const updates = ownValue(ownValue(experiment, 'training'), 'updates');
  const updateOptimizers = (Array.isArray(updates) ? updates : []).flatMap((update: unknown, i) => {
    const placed = (ownValue(update, 'optimizer') ?? null) === null ? null : one('optimizer', ['training', 'updates', i, 'optimizer']);
    return placed === null ? [] : [[i, placed] as const];
  });
  return {
    data: data === null ? null : transformData(data, experiment),
    model: one('model', ['model']),
    classifier: orNone('classifier', 'classifier'),
    sampler: orNone('sampler', 'sampler'),
    optimizer: one('optimizer', ['training', 'optimizer']),
    updateOptimizers: new Map(updateOptimizers),
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
