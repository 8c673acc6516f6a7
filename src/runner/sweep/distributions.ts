/** The axes of `random`: how values are drawn. */
import type { Draws } from '../../registry/contracts/index.js';
import type { Path } from '../../registry/path.js';
import { suggest } from '../../registry/suggest.js';
import { inline, type PlainMap } from '../../registry/values.js';
import { readHead, readValues, settingOf, type AxisHead } from './axes.js';
import type { SweepReader } from './reader.js';
import type { Setting } from './types.js';

const axisKeys = ['path', 'type', 'min', 'max', 'values'];
export const distributions = ['uniform', 'log-uniform', 'int', 'choice'] as const;

type Draw = (draws: Draws) => Setting;

export interface RandomAxis {
  readonly head: AxisHead;
  readonly draw: Draw;
}

/**
 * A draw in so many digits that the range has some 10,000 different ones: then a run's name says the whole value.
 * @param share In [0, 1).
 */
const rounded = (value: number, min: number, max: number): number => {
  const largest = Math.max(Math.abs(min), Math.abs(max));
  const digits = Math.min(17, 4 + Math.max(0, Math.floor(Math.log10(largest / (max - min)))));
  return Math.min(max, Math.max(min, Number(value.toPrecision(digits))));
};

/** From a share in [0, 1) to a value: the quantile functions. */
const quantiles: Readonly<Record<'uniform' | 'log-uniform', (share: number, min: number, max: number) => number>> = {
  uniform: (share, min, max) => min + share * (max - min),
  'log-uniform': (share, min, max) => min * (max / min) ** share,
};

const isShared = (type: string): type is keyof typeof quantiles => Object.hasOwn(quantiles, type);

/** Both ends of a range; null where they are no range, of which is told. */
const readRange = (
  reader: SweepReader,
  axis: PlainMap,
  type: string,
  place: Path,
): { readonly min: number; readonly max: number } | null => {
  const end = (key: 'min' | 'max'): number | null => {
    const value = axis[key];
    const at = [...place, key];
    if (value === undefined) return reader.refuse(place, `${type} needs ${JSON.stringify(key)}, a number`, { at: 'key' });
    if (typeof value !== 'number' || !Number.isFinite(value))
      return reader.refuse(at, `${JSON.stringify(key)} must be a number, and is ${inline(value)}`);
    if (type === 'log-uniform' && value <= 0)
      return reader.refuse(at, `${JSON.stringify(key)} of log-uniform must be above 0, and is ${inline(value)}`, {
        help: 'Its logarithm is what is uniform. A range from 0 on is for uniform.',
      });
    if (type === 'int' && !Number.isSafeInteger(value))
      return reader.refuse(at, `${JSON.stringify(key)} of int must be a whole number, and is ${inline(value)}`);
    return value;
  };
  const [min, max] = [end('min'), end('max')];
  if (min === null || max === null) return null;
  if (min >= max) return reader.refuse([...place, 'max'], `"max" must be above "min", which is ${inline(min)}, and is ${inline(max)}`);
  if (!Number.isFinite(max - min) || (type === 'int' && max - min >= 2 ** 32))
    return reader.refuse([...place, 'max'], 'this range is too wide');
  return { min, max };
};

const readDraw = (reader: SweepReader, head: AxisHead, axis: PlainMap, type: string, place: Path): Draw | null => {
  if (type === 'choice') {
    if (axis['values'] === undefined)
      return reader.refuse(place, 'choice needs "values", a list of what there is to choose from', { at: 'key' });
    const settings = readValues(reader, head, axis['values'], [...place, 'values']);
    const [first] = settings ?? [];
    return settings === null || first === undefined ? null : (draws) => settings[draws.integer(settings.length)] ?? first;
  }
  const range = readRange(reader, axis, type, place);
  if (range === null) return null;
  const { min, max } = range;
  const share = new Float32Array(1);
  const drawn = (draws: Draws): number => {
    if (!isShared(type)) return min + draws.integer(max - min + 1);
    draws.uniform(share);
    return rounded(quantiles[type](share[0] ?? 0, min, max), min, max);
  };
  return (draws) => {
    const value = drawn(draws);
    return settingOf(reader, head, value, place, String(value).replace('+', ''));
  };
};

/** Null where it cannot be read. */
export const readRandomAxis = (reader: SweepReader, key: string, axis: unknown, place: Path): RandomAxis | null => {
  const given = reader.map(axis, place, axisKeys, 'an axis of random is a map with the type of its draws');
  if (given === null) return null;
  const head = readHead(reader, key, given, place);
  const { type } = given;
  const help = `There are ${distributions.join(', ')}; such as { type: log-uniform, min: 1e-4, max: 1e-2 }.`;
  if (type === undefined) return reader.refuse(place, 'the type of the draws is missing', { at: 'key', help });
  const known = distributions.find((name) => name === type);
  if (known === undefined)
    return reader.refuse([...place, 'type'], `there are no draws of the type ${inline(type)}`, {
      suggestion: typeof type === 'string' ? suggest(type, distributions) : null,
      help,
    });
  for (const extra of known === 'choice' ? ['min', 'max'] : ['values'])
    if (Object.hasOwn(given, extra)) reader.refuse([...place, extra], `${known} does not take ${JSON.stringify(extra)}`, { at: 'key' });
  const draw = head === null ? null : readDraw(reader, head, given, known, place);
  return head === null || draw === null ? null : { head, draw };
};
