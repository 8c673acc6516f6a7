/** The parts of a sweep, and the seeds, as blocks of settings that are multiplied with each other. */
import { formatPath, type Path } from '../../registry/path.js';
import { inline, isMap, ownValue, type PlainMap } from '../../registry/values.js';
import { readAxes, readEntry, type Axis, type AxisHead } from './axes.js';
import { readRandom } from './random.js';
import type { SweepReader } from './reader.js';
import type { Block, Setting } from './types.js';

/** Far above what anybody waits for. */
export const maxRuns = 10_000;

/** What a sweep may say. */
export const sweepKeys = ['grid', 'zip', 'list', 'random', 'include', 'exclude'];

/** Blocks of one sweep, each multiplied with the others, and every axis in them. */
interface Blocks {
  readonly blocks: readonly Block[];
  readonly heads: readonly AxisHead[];
}

const single = ({ settings }: Axis): Block => settings.map((setting) => [setting]);

const zipped = (reader: SweepReader, axes: readonly Axis[]): Block => {
  const [first] = axes;
  if (first === undefined) return [];
  for (const { head, settings } of axes.slice(1))
    if (settings.length !== first.settings.length)
      reader.refuse(
        head.place,
        `${JSON.stringify(head.key)} has ${String(settings.length)} values, and ${JSON.stringify(first.head.key)} has ${String(first.settings.length)}`,
        { at: 'key', help: 'The axes of a zip move together: they have equally many values. Those of a grid need not.' },
      );
  return first.settings.map((_, i) => axes.flatMap(({ settings }) => settings[i] ?? []));
};

const listed = (reader: SweepReader, list: unknown, place: Path): Blocks => {
  if (!Array.isArray(list) || list.length === 0) {
    reader.refuse(place, `${formatPath(place)} is a list of runs, and this is ${inline(list)}`, {
      help: 'Such as [{ model.latent: 2 }, { model.latent: 10 }].',
    });
    return { blocks: [], heads: [] };
  }
  const entries = list.flatMap((entry: unknown, i) => readEntry(reader, entry, [...place, i]) ?? []);
  const contents = list.map((value: unknown, i) => ({ value: isMap(value) ? { ...value, name: null } : value, place: [...place, i] }));
  reader.refuseDoubles(contents);
  reader.refuseNames(entries.flatMap(({ settings }) => settings.filter(({ axis }) => axis === 'list')));
  const heads = new Map(entries.flatMap((entry) => entry.heads).map((head) => [head.key, head]));
  return { blocks: [entries.map(({ settings }) => settings)], heads: [...heads.values()] };
};

export const readSeeds = (reader: SweepReader, input: PlainMap): Blocks => {
  const seeds = ownValue(input, 'seeds') ?? null;
  if (seeds === null) return { blocks: [], heads: [] };
  const place = ['seeds'];
  const none: Blocks = { blocks: [[]], heads: [] };
  const isCount = typeof seeds === 'number' && Number.isSafeInteger(seeds) && seeds >= 1 && seeds <= maxRuns;
  if (!isCount && (!Array.isArray(seeds) || seeds.length === 0)) {
    reader.refuse(place, `seeds is how many seeds there are (1 to ${String(maxRuns)}), or a list of them, and this is ${inline(seeds)}`);
    return none;
  }
  const base = ownValue(input, 'seed');
  const first = typeof base === 'number' && Number.isSafeInteger(base) ? base : 0;
  const values: readonly unknown[] = Array.isArray(seeds) ? seeds : Array.from({ length: seeds }, (_, i) => first + i);
  const head: AxisHead = { key: 'seed', path: ['seed'], isNamed: false, origin: reader.keyOf(place), place };
  const settings = values.map((value, i): Setting => {
    const at = Array.isArray(seeds) ? [...place, i] : place;
    const origins = reader.originsOf(value, at, head.origin);
    return { axis: 'seed', value, label: inline(value), assignments: [{ path: ['seed'], value, origins }], place: at };
  });
  if (Array.isArray(seeds)) reader.refuseDoubles(settings);
  return { blocks: [settings.map((setting) => [setting])], heads: [head] };
};

export const readBlocks = (reader: SweepReader, sweep: PlainMap): Blocks => {
  const parts: Blocks[] = [];
  const add = (key: string, read: (value: unknown, place: Path) => Blocks): void => {
    const value = ownValue(sweep, key) ?? null;
    if (value !== null) parts.push(read(value, ['sweep', key]));
  };
  const headsOf = (axes: readonly Axis[]): readonly AxisHead[] => axes.map(({ head }) => head);
  const axesAt = (value: unknown, place: Path): readonly Axis[] => {
    if (isMap(value) && Object.keys(value).length === 0) reader.refuse(place, 'there is no axis here', { at: 'key' });
    return readAxes(reader, value, place);
  };
  add('grid', (value, place) => {
    const axes = axesAt(value, place);
    return { blocks: axes.map(single), heads: headsOf(axes) };
  });
  add('zip', (value, place) => {
    const axes = axesAt(value, place);
    return { blocks: [zipped(reader, axes)], heads: headsOf(axes) };
  });
  add('list', (value, place) => listed(reader, value, place));
  add('random', (value, place) => {
    const random = readRandom(reader, value, place, maxRuns);
    return { blocks: [random?.block ?? []], heads: random?.heads ?? [] };
  });
  return { blocks: parts.flatMap(({ blocks }) => blocks), heads: parts.flatMap(({ heads }) => heads) };
};
