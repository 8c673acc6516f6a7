/** Names of runs: short, readable, safe as names of folders on every system, and the same whatever else the sweep holds. */
import { createHash } from 'node:crypto';
import type { Path } from '../../registry/path.js';
import { inline, isMap } from '../../registry/values.js';
import { canonical } from '../config/hash.js';

const longestLabel = 32;
/** Folders are made below others, and paths have limits. */
const longestName = 100;

const digest = (value: unknown, length: number): string => createHash('sha256').update(canonical(value)).digest('hex').slice(0, length);

/** `learningRate` is `learning-rate`; one case alone, as some systems know no other. */
const safe = (text: string): string =>
  text
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '');

const textOf = (value: unknown): string => {
  if (typeof value === 'number') return String(value).replace('+', '');
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(textOf).join('x');
  if (value === null) return 'none';
  if (!isMap(value)) return typeof value === 'string' ? safe(value) : inline(value);
  const { type, ...params } = value;
  const words = Object.keys(params)
    .sort()
    .map((key) => `${safe(key)}-${textOf(params[key])}`);
  return [...(typeof type === 'string' ? [safe(type)] : []), ...words].join('-');
};

/** A value in a run's name: `0.001`, `conv`, `256x256`, `mlp-hidden-50`; where that would be long, its beginning and a hash. */
export const labelOf = (value: unknown): string => {
  const text = textOf(value);
  if (text !== '' && text.length <= longestLabel) return text;
  const type = isMap(value) && typeof value['type'] === 'string' ? safe(value['type']) : text;
  return [type.slice(0, longestLabel - 7).replace(/[-.]$/, ''), digest(value, 6)].filter((part) => part !== '').join('-');
};

/** As the user has named it. */
export const labelOfName = safe;

/** Labels of the values of an axis; those that would be equal get a hash. */
export const labelsOf = (values: readonly unknown[]): readonly string[] => {
  const labels = values.map(labelOf);
  return labels.map((label, i) => (labels.indexOf(label) === labels.lastIndexOf(label) ? label : `${label}-${digest(values[i], 4)}`));
};

/** From `weight` to `losses-1-weight`; a component's `type` says nothing that its place does not. */
const shortForms = (path: Path): readonly string[] => {
  const words = path.at(-1) === 'type' && path.length > 1 ? path.slice(0, -1) : path;
  const last = words.findLastIndex((word) => typeof word === 'string');
  return Array.from({ length: last + 1 }, (_, i) =>
    words
      .slice(last - i)
      .map((word) => safe(String(word)))
      .join('-'),
  );
};

/**
 * What each axis is called in names of runs: a name of the user's as it is, a path by as few of its last words as tell it apart.
 * @param axes By key; null: the key is a name.
 */
export const shortNames = (axes: ReadonlyMap<string, Path | null>): ReadonlyMap<string, string> => {
  const forms = [...axes].map(([key, path]) => ({ key, forms: path === null ? [safe(key)] : shortForms(path) }));
  const isTaken = (form: string, key: string): boolean => forms.some((other) => other.key !== key && other.forms.includes(form));
  return new Map(forms.map(({ key, forms: own }) => [key, own.find((form) => !isTaken(form, key)) ?? own.at(-1) ?? safe(key)]));
};

/** A name for a run of `parts`, such as `lr-0.001` and `encoder-conv`. */
export const runName = (experiment: string, parts: readonly string[]): string => {
  const name = [experiment, ...parts].join('-');
  return name.length <= longestName ? name : `${name.slice(0, longestName - 9).replace(/[-.]$/, '')}-${digest(parts, 8)}`;
};

/** With a hash where two runs would have one name. */
export const makeUnique = (names: readonly string[], contents: readonly unknown[]): readonly string[] => {
  const count = new Map<string, number>();
  for (const name of names) count.set(name, (count.get(name) ?? 0) + 1);
  return names.map((name, i) => (count.get(name) === 1 ? name : `${name}-${digest(contents[i], 8)}`));
};
