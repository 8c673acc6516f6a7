/** What metrics fold per-example values with, in double precision. */
import type { Reducer } from '../../registry/contracts/index.js';

/** @throws Error where a metric did not measure what its reducer folds. */
const rowOf = (rows: Readonly<Record<string, Float32Array>>, name: string): Float32Array => {
  const row = rows[name];
  if (row === undefined) throw new Error(`the metric measured no "${name}"`);
  return row;
};

/** Means of `name`'s values, [B, width], over examples: one number per column of the row. NaN where there were no examples. */
export const createMeans = (name: string, width: number): Reducer => {
  const sums = new Float64Array(width);
  let numExamples = 0;
  return {
    add: (rows, count) => {
      const row = rowOf(rows, name);
      for (let i = 0; i < count * width; i++) sums[i % width] = (sums[i % width] ?? 0) + (row[i] ?? 0);
      numExamples += count;
    },
    result: () => Array.from(sums, (sum) => sum / numExamples),
  };
};

/** The largest of `name`'s values, [B, width], over examples, column by column. -Infinity where there were no examples. */
export const createMaxima = (name: string, width: number): Reducer => {
  const maxima = new Float64Array(width).fill(-Infinity);
  return {
    add: (rows, count) => {
      const row = rowOf(rows, name);
      for (let i = 0; i < count * width; i++) maxima[i % width] = Math.max(maxima[i % width] ?? NaN, row[i] ?? NaN);
    },
    result: () => Array.from(maxima),
  };
};

/** Several reducers as one, with their columns in this order. */
export const joinReducers = (reducers: readonly Reducer[]): Reducer => ({
  add: (rows, count) => {
    for (const reducer of reducers) reducer.add(rows, count);
  },
  result: () => reducers.flatMap((reducer) => reducer.result()),
});

/**
 * Variances of `name`'s values, [B, width], over examples, divided by their number. Each batch's own mean and squares are joined
 * with what was there, which loses nothing to cancellation.
 * Source: Chan, Golub & LeVeque 1983, "Algorithms for Computing the Sample Variance".
 */
export const createVariances = (name: string, width: number): Reducer => {
  const means = new Float64Array(width);
  const squares = new Float64Array(width);
  let numExamples = 0;
  return {
    add: (rows, count) => {
      if (count === 0) return;
      const row = rowOf(rows, name);
      const total = numExamples + count;
      for (let column = 0; column < width; column++) {
        let mean = 0;
        for (let i = 0; i < count; i++) mean += (row[i * width + column] ?? 0) / count;
        let square = 0;
        for (let i = 0; i < count; i++) square += ((row[i * width + column] ?? 0) - mean) ** 2;
        const shift = mean - (means[column] ?? 0);
        means[column] = (means[column] ?? 0) + (shift * count) / total;
        squares[column] = (squares[column] ?? 0) + square + (shift * shift * numExamples * count) / total;
      }
      numExamples = total;
    },
    result: () => Array.from(squares, (square) => square / numExamples),
  };
};
