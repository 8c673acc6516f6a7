/**
 * Mean and covariance of rows that come in batches, in double precision and memory that does not grow with their number, and the Frechet
 * distance between two Gaussians:
 *
 *   d^2 = |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1^1/2 S2 S1^1/2)^1/2
 *
 * Roots of matrices come from eigenvalues of symmetric ones: no iteration that may not converge, no imaginary rest.
 * Source: Dowson & Landau 1982; Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule", equation 6.
 */
import { eachProductBlock } from './matrix-blocks.js';
import { symmetricEigen, symmetricEigenvalues } from './symmetric-eigen.js';

export interface Moments {
  readonly mean: Float64Array;
  /** [width, width], divided by count - 1. */
  readonly covariance: Float64Array;
  readonly count: number;
}

export interface MomentSums {
  /** Adds the first `count` rows of [*, width]. */
  add(rows: Float32Array, count: number): void;
  result(): Moments;
}

/** Rows of which products are summed at once. */
const chunk = 1024;

/** Sums are of differences from the mean of the first rows: squares of values far from 0 would swallow the spread. */
export const createMoments = (width: number): MomentSums => {
  let origin: Float64Array | null = null;
  const sums = new Float64Array(width);
  const squares = new Float64Array(width * width);
  let total = 0;
  const addChunk = (rows: Float32Array, from: number, count: number): void => {
    const start = (origin ??= meanOf(rows, from, count, width));
    // Transposed: the product of the columns is one of rows.
    const values = new Float32Array(width * count);
    for (let i = 0; i < count; i++)
      for (let k = 0; k < width; k++) {
        const value = (rows[(from + i) * width + k] ?? 0) - (start[k] ?? 0);
        values[k * count + i] = value;
        sums[k] = (sums[k] ?? 0) + Math.fround(value);
      }
    const columns = { values, count: width, width: count };
    eachProductBlock(
      columns,
      columns,
      ({ products, stride, fromA, numA, fromB, numB }) => {
        for (let i = 0; i < numA; i++)
          for (let j = 0; j < numB; j++) {
            const at = (fromA + i) * width + fromB + j;
            squares[at] = (squares[at] ?? 0) + (products[i * stride + j] ?? 0);
          }
      },
      true,
    );
    total += count;
  };
  return {
    add: (rows, count) => {
      for (let from = 0; from < count; from += chunk) addChunk(rows, from, Math.min(chunk, count - from));
    },
    result: () => {
      const shift = Float64Array.from(sums, (sum) => sum / total);
      const covariance = new Float64Array(width * width);
      for (let i = 0; i < width; i++)
        for (let j = i; j < width; j++) {
          const value = ((squares[i * width + j] ?? 0) - total * (shift[i] ?? 0) * (shift[j] ?? 0)) / (total - 1);
          covariance[i * width + j] = value;
          covariance[j * width + i] = value;
        }
      return { mean: Float64Array.from(shift, (value, k) => value + (origin?.[k] ?? 0)), covariance, count: total };
    },
  };
};

const meanOf = (rows: Float32Array, from: number, count: number, width: number): Float64Array => {
  const mean = new Float64Array(width);
  for (let i = 0; i < count; i++) for (let k = 0; k < width; k++) mean[k] = (mean[k] ?? 0) + (rows[(from + i) * width + k] ?? 0) / count;
  return mean;
};

/** Rows scaled by the fourth root of the eigenvalues: S^1/2 = F'F, for F of [n, n]. Eigenvalues below 0 are rounding. */
const rootFactors = (covariance: Float64Array, n: number): Float64Array => {
  const { values, vectors } = symmetricEigen(covariance, n);
  return vectors.map((value, at) => value * Math.max(0, values[Math.floor(at / n)] ?? 0) ** 0.25);
};

/** a [n, n] times b [n, n], row-major. */
const multiply = (a: Float64Array, b: Float64Array, n: number): Float64Array => {
  const product = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const factor = a[i * n + k] ?? 0;
      for (let j = 0; j < n; j++) product[i * n + j] = (product[i * n + j] ?? 0) + factor * (b[k * n + j] ?? 0);
    }
  return product;
};

const transpose = (a: Float64Array, n: number): Float64Array => a.map((_, at) => a[(at % n) * n + Math.floor(at / n)] ?? 0);

/** Squared Frechet (2-Wasserstein) distance between Gaussians with these moments, covariances [n, n]; NaN where these are not finite. */
export const frechetDistance = (a: Pick<Moments, 'mean' | 'covariance'>, b: Pick<Moments, 'mean' | 'covariance'>): number => {
  const n = a.mean.length;
  if (![a, b].every(({ mean, covariance }) => mean.every(Number.isFinite) && covariance.every(Number.isFinite))) return Number.NaN;
  const factors = rootFactors(a.covariance, n);
  const root = multiply(transpose(factors, n), factors, n);
  const middle = multiply(multiply(root, b.covariance, n), root, n);
  const values = symmetricEigenvalues(middle, n);
  let distance = 0;
  for (let i = 0; i < n; i++) {
    distance += ((a.mean[i] ?? 0) - (b.mean[i] ?? 0)) ** 2 + (a.covariance[i * n + i] ?? 0) + (b.covariance[i * n + i] ?? 0);
    distance -= 2 * Math.sqrt(Math.max(0, values[i] ?? 0));
  }
  return Math.max(0, distance);
};
