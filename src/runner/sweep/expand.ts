/** From `sweep` and `seeds` of a composed file to its variants: combinations, filters, names. */
import type { Fault } from '../../registry/faults.js';
import { formatPath, pointer } from '../../registry/path.js';
import { ownValue, type PlainMap } from '../../registry/values.js';
import type { Origins } from '../config/origins.js';
import type { AxisHead } from './axes.js';
import { maxRuns, readBlocks, readSeeds, sweepKeys } from './blocks.js';
import { filterCombinations } from './filters.js';
import { makeUnique, runName, shortNames } from './labels.js';
import { SweepReader } from './reader.js';
import type { Block, Setting, Variant } from './types.js';

/** Two axes at one path, or of one name: the second would undo the first. */
const refuseCollisions = (reader: SweepReader, heads: readonly AxisHead[]): void => {
  const byPath = new Map<string, AxisHead>();
  const byKey = new Map<string, AxisHead>();
  for (const head of heads) {
    const [samePath, sameKey] = [byPath.get(pointer(head.path)), byKey.get(head.key)];
    const other = samePath ?? sameKey;
    if (other !== undefined) {
      const what = samePath === undefined ? `is called ${JSON.stringify(head.key)}` : `sets ${formatPath(head.path)}`;
      reader.refuse(head.place, `another axis ${what} as well: ${formatPath(other.place)}`, { at: 'key', help: 'Keep one of them.' });
    }
    byPath.set(pointer(head.path), head);
    byKey.set(head.key, head);
  }
};

/** How many values a run gets at most. */
const sizeOf = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, block) => {
    const sizes = block.map((settings) => settings.reduce((size, { assignments }) => size + assignments.length, 0));
    return sum + sizes.reduce((most, size) => Math.max(most, size), 0);
  }, 0);

const combine = (blocks: readonly Block[]): Block =>
  blocks.reduce<Block>((combinations, block) => combinations.flatMap((left) => block.map((right) => [...left, ...right])), [[]]);

const nameVariants = (experiment: string, combinations: Block, heads: readonly AxisHead[]): readonly Variant[] => {
  const short = shortNames(new Map(heads.map(({ key, path, isNamed }) => [key, isNamed ? null : path])));
  const named = new Set(heads.filter(({ isNamed }) => isNamed).map(({ key }) => key));
  const partOf = ({ axis, label }: Setting): string => (axis === 'list' ? label : `${short.get(axis) ?? axis}-${label}`);
  const names = makeUnique(
    combinations.map((settings) => runName(experiment, settings.map(partOf))),
    combinations.map((settings) => settings.map(({ value }) => value)),
  );
  return combinations.map((settings, i) => ({
    name: names[i] ?? experiment,
    axes: Object.fromEntries(
      settings.filter(({ axis }) => axis !== 'seed').map(({ axis, label }) => [named.has(axis) ? axis : (short.get(axis) ?? axis), label]),
    ),
    settings,
  }));
};

/** Of all runs together, where a hundred for each would be many. */
const maxValues = 1_000_000;

export interface SweepExpansion {
  /** Null where the file is one experiment. Where there are faults: what could be read. */
  readonly variants: readonly Variant[] | null;
  readonly faults: readonly Fault[];
}

/** @param experiment The name that names of runs begin with. */
export const expandSweep = (experiment: string, input: PlainMap, origins: Origins): SweepExpansion => {
  const [sweep, seeds] = [ownValue(input, 'sweep') ?? null, ownValue(input, 'seeds') ?? null];
  if (sweep === null && seeds === null) return { variants: null, faults: [] };
  const reader = new SweepReader(origins);
  const given = sweep === null ? {} : (reader.map(sweep, ['sweep'], sweepKeys, 'a sweep is a map of grid, zip, list or random') ?? {});
  const swept = readBlocks(reader, given);
  if (sweep !== null && swept.blocks.length === 0 && reader.faults.length === 0)
    reader.refuse(['sweep'], 'this sweep has no axis', { at: 'key', help: 'It needs grid, zip, list or random.' });
  const seeded = readSeeds(reader, input);
  const heads = [...swept.heads, ...seeded.heads];
  refuseCollisions(reader, heads);
  const blocks = [...swept.blocks, ...seeded.blocks].filter((block) => reader.faults.length === 0 || block.length > 0);
  const count = blocks.reduce((product, block) => product * block.length, 1);
  if (count > maxRuns) {
    reader.refuse(
      [sweep === null ? 'seeds' : 'sweep'],
      `there are ${count.toLocaleString('en-US')} combinations, and ${maxRuns.toLocaleString('en-US')} are the most`,
      {
        at: 'key',
        help: 'Take values away, zip axes that belong together, or draw some of them with random.',
      },
    );
    return { variants: [], faults: reader.faults };
  }
  if (count * sizeOf(blocks) > maxValues) {
    reader.refuse(
      [sweep === null ? 'seeds' : 'sweep'],
      `${count.toLocaleString('en-US')} runs with ${String(sizeOf(blocks))} values each are too many`,
      {
        at: 'key',
      },
    );
    return { variants: [], faults: reader.faults };
  }
  const combinations = combine(blocks);
  // Filters on axes that could not be read would be misunderstood.
  if (reader.faults.length > 0) return { variants: nameVariants(experiment, combinations, heads), faults: reader.faults };
  const known = [
    ...heads.map(({ key }) => key),
    ...(combinations.some((each) => each.some(({ axis }) => axis === 'list')) ? ['list'] : []),
  ];
  const left = filterCombinations(reader, combinations, given, ['sweep'], known);
  return { variants: nameVariants(experiment, left, heads), faults: reader.faults };
};
