/** The axes of `grid` and `zip`, and the entries of `list`: which values stand at which paths. */
import { formatPath, type Path } from '../../registry/path.js';
import { inline, isMap, type PlainMap } from '../../registry/values.js';
import type { Origin } from '../config/origins.js';
import { parsePlace, PlacementProblem } from '../config/place.js';
import { labelOf, labelOfName, labelsOf } from './labels.js';
import type { SweepReader } from './reader.js';
import type { Setting } from './types.js';

/** An axis, before its values. */
export interface AxisHead {
  readonly key: string;
  readonly path: Path;
  /** Whether the key is a name, and the path stands beside the values. */
  readonly isNamed: boolean;
  /** Where the path is written. */
  readonly origin: Origin | null;
  readonly place: Path;
}

/** What axes would be mistaken for in `latentlab compare`. */
const reserved = ['name', 'experiment', 'run', 'seed', 'status', 'list'];

const unsweepable: Readonly<Record<string, string>> = {
  name: 'runs are named after their values',
  plugins: 'all runs of a file have the same plug-ins',
  extends: 'all runs of a file are made of the same files',
  sweep: 'a sweep does not sweep itself',
  seeds: 'seeds are an axis themselves',
};

/** Whether values may vary below this key of an experiment. */
export const isSweepable = (key: string): boolean => !Object.hasOwn(unsweepable, key);

const readPath = (reader: SweepReader, text: string, place: Path, at: 'key' | 'value'): Path | null => {
  try {
    const path = parsePlace(text);
    const key = String(path[0]);
    const why = isSweepable(key) ? undefined : unsweepable[key];
    return why === undefined ? path : reader.refuse(place, `a sweep cannot set ${JSON.stringify(path[0])}: ${why}`, { at });
  } catch (error) {
    if (!(error instanceof PlacementProblem)) throw error;
    return reader.refuse(place, error.message, { at, help: 'A path is written as in model.encoder or losses[1].weight.' });
  }
};

/** @param axis A map that may have a `path`, or what stands for a map without one. */
export const readHead = (reader: SweepReader, key: string, axis: unknown, place: Path): AxisHead | null => {
  const given = isMap(axis) ? axis['path'] : undefined;
  if (given === undefined) {
    const path = readPath(reader, key, place, 'key');
    return path === null ? null : { key: formatPath(path), path, isNamed: false, origin: reader.keyOf(place), place };
  }
  const at = [...place, 'path'];
  if (!/^[A-Za-z][\w-]*$/.test(key))
    return reader.refuse(place, `${JSON.stringify(key)} is no name for an axis`, {
      at: 'key',
      help: 'A name has letters, digits and hyphens; without `path` the key is the path itself.',
    });
  if (reserved.includes(key)) return reader.refuse(place, `an axis cannot be called ${JSON.stringify(key)}`, { at: 'key' });
  if (typeof given !== 'string') return reader.refuse(at, `the path of an axis is text, and this is ${inline(given)}`);
  const path = readPath(reader, given, at, 'value');
  const origin = reader.originsOf(given, at, null).get('') ?? null;
  return path === null ? null : { key, path, isNamed: true, origin, place };
};

export const settingOf = (reader: SweepReader, head: AxisHead, value: unknown, place: Path, label: string): Setting => ({
  axis: head.key,
  ...{ value, label, place },
  assignments: [{ path: head.path, value, origins: reader.originsOf(value, place, head.origin) }],
});

/** The values of an axis, as a list, or by names of the user's. */
export const readValues = (reader: SweepReader, head: AxisHead, values: unknown, place: Path): readonly Setting[] | null => {
  if (!Array.isArray(values) && !isMap(values))
    return reader.refuse(place, `the values of an axis are a list, and this is ${inline(values)}`, { help: 'Put it in [ ].' });
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(values)
    ? values.map((value: unknown, i) => [i, value] as const)
    : Object.entries(values);
  if (entries.length === 0) return reader.refuse(place, 'there is no value here', { help: 'An axis has at least one.' });
  const automatic = labelsOf(entries.map(([, value]) => value));
  const settings = entries.map(([key, value], i) =>
    settingOf(reader, head, value, [...place, key], typeof key === 'string' ? labelOfName(key) : (automatic[i] ?? '')),
  );
  if (isMap(values)) reader.refuseNames(settings);
  reader.refuseDoubles(settings);
  return settings;
};

export interface Axis {
  readonly head: AxisHead;
  readonly settings: readonly Setting[];
}

/** Those of a map of axes that could be read. */
export const readAxes = (reader: SweepReader, axes: unknown, place: Path): readonly Axis[] => {
  if (!isMap(axes)) {
    reader.refuse(place, `${formatPath(place)} is a map of axes, and this is ${inline(axes)}`, {
      help: 'Such as { model.latent: [2, 10] }.',
    });
    return [];
  }
  return Object.entries(axes).flatMap(([key, axis]): readonly Axis[] => {
    const at = [...place, key];
    const isBare = !isMap(axis);
    if (isMap(axis)) reader.map(axis, at, ['path', 'values'], '');
    const head = readHead(reader, key, axis, at);
    if (head === null) return [];
    if (isMap(axis) && !Object.hasOwn(axis, 'values')) {
      reader.refuse(at, `the axis ${JSON.stringify(key)} has no values`, {
        at: 'key',
        help: 'An axis is a list of values, or { path: model.encoder, values: [...] }; values may have names: values: { small: ..., large: ... }.',
      });
      return [];
    }
    const settings = isBare ? readValues(reader, head, axis, at) : readValues(reader, head, axis['values'], [...at, 'values']);
    return settings === null ? [] : [{ head, settings }];
  });
};

/** An entry of `list`: what one run has, by paths; with a name, if it has one. */
export const readEntry = (
  reader: SweepReader,
  entry: unknown,
  place: Path,
): { readonly settings: readonly Setting[]; readonly heads: readonly AxisHead[] } | null => {
  if (!isMap(entry))
    return reader.refuse(place, `an entry is a map of paths and values, and this is ${inline(entry)}`, {
      help: 'Such as { model.latent: 2 }.',
    });
  const { name, ...values }: PlainMap = entry;
  const heads = Object.keys(values).flatMap((key) => readHead(reader, key, null, [...place, key]) ?? []);
  if (name !== undefined && (typeof name !== 'string' || labelOfName(name) === ''))
    return reader.refuse([...place, 'name'], `the name of an entry is a word, and this is ${inline(name)}`);
  const settings = heads.map((head) => {
    const value = values[String(head.place.at(-1))];
    return settingOf(reader, head, value, head.place, labelOf(value));
  });
  if (settings.length === 0 && name === undefined)
    return reader.refuse(place, 'this entry sets nothing', { help: 'With a name it is the file as it stands.' });
  if (typeof name !== 'string') return { settings, heads };
  const assignments = settings.flatMap((setting) => setting.assignments);
  return { settings: [{ axis: 'list', value: name, label: labelOfName(name), assignments, place }], heads };
};
