/** How two experiments differ by what they mean: resolved, whatever their files look like. */
import { formatPath, type Path } from '../../registry/path.js';
import { inline, isMap, ownValue } from '../../registry/values.js';

/** A value and its place; null where that side has no such value. */
export type Side = { readonly path: Path; readonly value: unknown } | null;

export interface Difference {
  readonly a: Side;
  readonly b: Side;
}

/** Where it is, on the side that has it. */
export const placeOf = ({ a, b }: Difference): string => formatPath((a ?? b)?.path ?? []);

/** What makes two entries of a list one entry that has changed: a component's type and name, else all that it is. */
const identity = (item: unknown): string => {
  const type = ownValue(item, 'type');
  return typeof type === 'string' ? `${type} ${inline(ownValue(item, 'name'))}` : inline(item);
};

/** Pairs of indexes of a longest common subsequence, in order. */
const align = (a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] => {
  const lengths = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      lengths[i]?.splice(j, 1, a[i] === b[j] ? 1 + at(i + 1, j + 1) : Math.max(at(i + 1, j), at(i, j + 1)));
  const pairs: (readonly [number, number])[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
};

const listDifferences = (a: readonly unknown[], b: readonly unknown[], [pathA, pathB]: readonly [Path, Path]): readonly Difference[] => {
  const pairs = align(a.map(identity), b.map(identity));
  const partnerOf = new Map(pairs);
  const matched = new Set(pairs.map(([, j]) => j));
  return [
    ...a.flatMap((item, i) => {
      const j = partnerOf.get(i);
      const here = { path: [...pathA, i], value: item };
      return j === undefined ? [{ a: here, b: null }] : compare(item, b[j], [here.path, [...pathB, j]]);
    }),
    ...b.flatMap((item, j) => (matched.has(j) ? [] : [{ a: null, b: { path: [...pathB, j], value: item } }])),
  ];
};

const isPlainList = (list: readonly unknown[]): boolean => !list.some((item) => typeof item === 'object' && item !== null);

const compare = (a: unknown, b: unknown, paths: readonly [Path, Path]): readonly Difference[] => {
  const [pathA, pathB] = paths;
  if (a === b) return [];
  const changed = [{ a: { path: pathA, value: a }, b: { path: pathB, value: b } }];
  if (Array.isArray(a) && Array.isArray(b)) {
    if (isPlainList(a) && isPlainList(b)) return inline(a) === inline(b) ? [] : changed;
    return listDifferences(a, b, paths);
  }
  // Components of different types are different things.
  if (!isMap(a) || !isMap(b) || ownValue(a, 'type') !== ownValue(b, 'type')) return changed;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => {
    const sideOf = (map: object, path: Path): Side =>
      Object.hasOwn(map, key) ? { path: [...path, key], value: ownValue(map, key) } : null;
    const [left, right] = [sideOf(a, pathA), sideOf(b, pathB)];
    return left !== null && right !== null ? compare(left.value, right.value, [left.path, right.path]) : [{ a: left, b: right }];
  });
};

/** In the order of `a`; what only `b` has stands behind what it has in common with `a`. */
export const differences = (a: object, b: object): readonly Difference[] => compare(a, b, [[], []]);
