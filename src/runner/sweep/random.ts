/**
 * Random search: `count` runs, each with a draw for every axis. A draw is a pure function of the sweep's seed, the path and the number of
 * the draw: a higher count keeps the runs that are there, and an axis more leaves the others' values as they are.
 */
import { formatPath, type Path } from '../../registry/path.js';
import { inline, isMap } from '../../registry/values.js';
import { canonical } from '../config/hash.js';
import { createRandomStreams } from '../random/index.js';
import type { AxisHead } from './axes.js';
import { readRandomAxis, type RandomAxis } from './distributions.js';
import type { SweepReader } from './reader.js';
import type { Block, Setting } from './types.js';

const keys = ['count', 'seed', 'axes'];

const wholeNumber = (reader: SweepReader, value: unknown, place: Path, most: number, least: number): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most
    ? value
    : reader.refuse(place, `this must be a whole number from ${String(least)} to ${String(most)}, and is ${inline(value)}`);

/** Draws that differ from each other; fewer than `count` where there are not as many. */
const drawAll = (axes: readonly RandomAxis[], count: number, seed: number): Block => {
  const streams = createRandomStreams(seed);
  const found = new Map<string, readonly Setting[]>();
  // A single one that is missing among n equally likely ones comes up in 30 n draws, but for a chance of e^-30.
  for (let tick = 0, idle = 0; found.size < count && idle < 30 * (found.size + 1); tick += 1) {
    const settings = axes.map(({ head, draw }) => draw(streams.draws(`sweep/${formatPath(head.path)}`, tick)));
    const key = canonical(settings.map(({ value }) => value));
    if (found.has(key)) idle += 1;
    else {
      found.set(key, settings);
      idle = 0;
    }
  }
  return [...found.values()];
};

/** The block of `random`, and its axes; null where it cannot be read. */
export const readRandom = (
  reader: SweepReader,
  random: unknown,
  place: Path,
  most: number,
): { readonly block: Block; readonly heads: readonly AxisHead[] } | null => {
  const given = reader.map(random, place, keys, 'random is a map of count, seed and axes');
  if (given === null) return null;
  if (given['count'] === undefined) reader.refuse(place, 'random needs "count": how many runs are drawn', { at: 'key' });
  const count = given['count'] === undefined ? null : wholeNumber(reader, given['count'], [...place, 'count'], most, 1);
  const seed = wholeNumber(reader, given['seed'] ?? 0, [...place, 'seed'], 2 ** 32 - 1, 0);
  const at = [...place, 'axes'];
  if (!isMap(given['axes']) || Object.keys(given['axes']).length === 0)
    return reader.refuse(given['axes'] === undefined ? place : at, 'random needs "axes": what is drawn, by paths', {
      at: given['axes'] === undefined ? 'key' : 'value',
      help: 'Such as axes: { model.latent: { type: int, min: 2, max: 32 } }.',
    });
  const axes = Object.entries(given['axes']).flatMap(([key, axis]) => readRandomAxis(reader, key, axis, [...at, key]) ?? []);
  const heads = axes.map(({ head }) => head);
  if (count === null || seed === null || axes.length === 0) return { block: [], heads };
  const block = drawAll(axes, count, seed);
  if (block.length < count)
    reader.refuse([...place, 'count'], `only ${String(block.length)} different runs can be drawn, and count is ${String(count)}`);
  return { block, heads };
};
