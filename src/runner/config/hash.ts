/**
 * What tells experiments apart by their content: equal for files that differ in comments, in the order of keys, in defaults that are written
 * out, in where they lie, or in what their processes are given.
 */
import { createHash } from 'node:crypto';
import { isMap } from '../../registry/values.js';
import type { LoadedExperiment } from './load.js';

export interface ExperimentHashes {
  /** SHA-256 of the resolved experiment without its description and resources, and of the plug-ins that it uses. */
  readonly experiment: string;
  /** The same without name and seed: equal for runs that differ in their randomness alone. */
  readonly variant: string;
}

/** JSON with sorted keys. Numbers that JSON does not have are written as YAML would have them. */
export const canonical = (value: unknown): string => {
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : `.${String(value)}`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isMap(value)) return JSON.stringify(value);
  const pairs = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${pairs.join(',')}}`;
};

/** SHA-256 of a plain value; the order of keys does not count. */
export const hashContent = (value: unknown): string => createHash('sha256').update(canonical(value)).digest('hex');

/** Plug-ins count by what they hold, wherever they lie. */
export const hashExperiment = ({ experiment, plugins }: Pick<LoadedExperiment, 'experiment' | 'plugins'>): ExperimentHashes => {
  const { name, seed } = experiment;
  const shared = Object.entries(experiment).filter(([key]) => !['name', 'seed', 'description', 'resources'].includes(key));
  const variant = { ...Object.fromEntries(shared), plugins: plugins.map(({ sha256 }) => sha256) };
  return { experiment: hashContent({ ...variant, name, seed }), variant: hashContent(variant) };
};
