/** `include` and `exclude`: which combinations of a sweep are runs. */
import { formatPath, type Path } from '../../registry/path.js';
import { suggest } from '../../registry/suggest.js';
import { inline, isMap } from '../../registry/values.js';
import { canonical } from '../config/hash.js';
import type { SweepReader } from './reader.js';
import type { Setting } from './types.js';

type Combination = readonly Setting[];
type Condition = (combination: Combination) => boolean;

interface Filter {
  readonly place: Path;
  readonly holds: Condition;
}

/** `{ min: 1e-3 }`: numbers in a range, ends included. */
const isRange = (value: unknown): value is { readonly min?: number; readonly max?: number } =>
  isMap(value) &&
  Object.keys(value).length > 0 &&
  Object.entries(value).every(([key, end]) => ['min', 'max'].includes(key) && typeof end === 'number');

/** Whether a setting has a value: the value itself, its label, or a range that it is in. */
const fits = ({ value, label }: Setting, wanted: unknown): boolean =>
  isRange(wanted)
    ? typeof value === 'number' && value >= (wanted.min ?? -Infinity) && value <= (wanted.max ?? Infinity)
    : canonical(value) === canonical(wanted) || (typeof wanted === 'string' && label === wanted);

/** The value at an axis in a combination: by the axis, or by a path that an entry of a list sets. */
const settingAt = (combination: Combination, axis: string): Setting | null => {
  const own = combination.find((setting) => setting.axis === axis);
  if (own !== undefined) return own;
  for (const setting of combination)
    for (const { path, value } of setting.assignments) if (formatPath(path) === axis) return { ...setting, value, label: '' };
  return null;
};

const readCondition = (
  reader: SweepReader,
  axis: string,
  wanted: unknown,
  place: Path,
  combinations: readonly Combination[],
  known: readonly string[],
): Condition | null => {
  if (!known.includes(axis))
    return reader.refuse(place, `the sweep has no axis ${JSON.stringify(axis)}`, {
      at: 'key',
      suggestion: suggest(axis, known),
      help: `It has ${known.join(', ')}.`,
    });
  const settings = combinations.flatMap((combination) => settingAt(combination, axis) ?? []);
  const isAxisValue = (value: unknown): boolean => settings.some((setting) => fits(setting, value));
  const unknown = (value: unknown, at: Path): void => {
    const words = [...new Set(settings.map(({ label, value: its }) => (typeof its === 'string' || label === '' ? inline(its) : label)))];
    reader.refuse(at, `the axis ${JSON.stringify(axis)} is never ${inline(value)}`, {
      suggestion: typeof value === 'string' ? suggest(value, words) : null,
      help: `It is ${words.slice(0, 12).join(', ')}${words.length > 12 ? ', ...' : ''}.`,
    });
  };
  if (isAxisValue(wanted)) return (combination) => fitsAt(combination, axis, wanted);
  if (!Array.isArray(wanted) || wanted.length === 0) {
    unknown(wanted, place);
    return null;
  }
  // A list that is no value itself names several.
  wanted.forEach((value: unknown, i) => {
    if (!isAxisValue(value)) unknown(value, [...place, i]);
  });
  return (combination) => wanted.some((value) => fitsAt(combination, axis, value));
};

const fitsAt = (combination: Combination, axis: string, wanted: unknown): boolean => {
  const setting = settingAt(combination, axis);
  return setting !== null && fits(setting, wanted);
};

const readFilters = (
  reader: SweepReader,
  filters: unknown,
  place: Path,
  combinations: readonly Combination[],
  known: readonly string[],
): readonly Filter[] => {
  if (!Array.isArray(filters)) {
    reader.refuse(place, `${formatPath(place)} is a list of maps of axes and values, and this is ${inline(filters)}`, {
      help: 'Such as [{ model.latent: 2, lr: 0.1 }].',
    });
    return [];
  }
  return filters.flatMap((filter: unknown, i): readonly Filter[] => {
    const at = [...place, i];
    if (!isMap(filter) || Object.keys(filter).length === 0) {
      reader.refuse(at, `this is a map of axes and values, and is ${inline(filter)}`, { help: 'Such as { model.latent: 2, lr: 0.1 }.' });
      return [];
    }
    const conditions = Object.entries(filter).flatMap(
      ([axis, wanted]) => readCondition(reader, axis, wanted, [...at, axis], combinations, known) ?? [],
    );
    // What could not be read has been told of, and takes nothing away.
    if (conditions.length < Object.keys(filter).length) return [];
    return [{ place: at, holds: (combination) => conditions.every((condition) => condition(combination)) }];
  });
};

/** Those of `combinations` that are left. A filter that fits none is told of. */
export const filterCombinations = (
  reader: SweepReader,
  combinations: readonly Combination[],
  { include, exclude }: { readonly include?: unknown; readonly exclude?: unknown },
  place: Path,
  known: readonly string[],
): readonly Combination[] => {
  const read = (key: 'include' | 'exclude', value: unknown): readonly Filter[] | null => {
    if (value === undefined || value === null) return null;
    const filters = readFilters(reader, value, [...place, key], combinations, known);
    for (const { place: at, holds } of filters)
      if (!combinations.some(holds)) reader.refuse(at, `no run fits this, so there is nothing to ${key}`);
    return filters;
  };
  const [included, excluded] = [read('include', include), read('exclude', exclude)];
  const left = combinations.filter(
    (combination) =>
      (included === null || included.some(({ holds }) => holds(combination))) && !(excluded ?? []).some(({ holds }) => holds(combination)),
  );
  if (left.length === 0 && reader.faults.length === 0) reader.refuse(place, 'include and exclude leave no run', { at: 'key' });
  return left;
};
