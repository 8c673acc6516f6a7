/** Distances of samples, and of examples, to the training split, which is read in blocks: memory does not grow with it. */
import type { Data, Projection } from '../../registry/contracts/index.js';
import type { Rows } from './matrix-blocks.js';
import { nearestRows, SmallestPerRow } from './neighbours.js';
import { createRowKeeper, type RowSink } from './sample-rows.js';
import { numValues } from './shapes.js';

const blockSize = 1000;

/** The `k` nearest training examples of each row, by squared distance, with their places in the split. */
export const nearestInTraining = (rows: Rows, { splits, shape }: Data, projection: Projection | null, k: number): SmallestPerRow => {
  const { train } = splits;
  const width = numValues(shape);
  const values = new Float32Array(blockSize * width);
  const nearest = new SmallestPerRow(rows.count, k);
  for (let from = 0; from < train.count; from += blockSize) {
    const count = Math.min(blockSize, train.count - from);
    (train.plain ?? train).read(
      Int32Array.from({ length: count }, (_, i) => from + i),
      0,
      values.subarray(0, count * width),
    );
    const block = { values: projection === null ? values : projection.apply(values, count), count, width: rows.width };
    const found = nearestRows(rows, block, k);
    for (let at = 0; at < found.values.length; at++)
      if ((found.indices[at] ?? -1) >= 0) nearest.put(Math.floor(at / k), found.values[at] ?? Infinity, from + (found.indices[at] ?? 0));
  }
  return nearest;
};

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
};

/** Squared distances that rounding leaves of a row to itself, as a share of a typical one. */
const same = 1e-9;

/** Median distance of the samples, its ratio to that of the examples, and the share of samples whose nearest is nearer than `copy` times the second. */
export const createNearestTraining = (data: Data, projection: Projection | null, copy: number): RowSink =>
  createRowKeeper(3, (real, fake) => {
    const pairs = (rows: Rows): readonly (readonly [number, number])[] => {
      const { values } = nearestInTraining(rows, data, projection, 2);
      return Array.from({ length: rows.count }, (_, row) => [Math.sqrt(values[2 * row] ?? NaN), Math.sqrt(values[2 * row + 1] ?? NaN)]);
    };
    const [ofReal, ofFake] = [pairs(real), pairs(fake)];
    const typical = median(ofReal.map(([, second]) => second));
    const distance = median(ofFake.map(([first]) => first));
    const others = median(ofReal.map(([first, second]) => (first * first <= same * typical * typical ? second : first)));
    // Data with fewer than two training examples, or whose examples are all alike, has no scale to hold it against.
    const ratio = others > 0 && Number.isFinite(others) ? distance / others : 1;
    return [distance, ratio, ofFake.filter(([first, second]) => first < copy * second).length / fake.count];
  });
