/**
 * How samples lie among real examples, by nearest neighbours in a space of features: improved precision and recall, density and coverage.
 * Sources: Kynkaanniemi et al. 2019, "Improved Precision and Recall Metric for Assessing Generative Models", equations 1 and 2;
 * Naeem et al. 2020, "Reliable Fidelity and Diversity Metrics for Generative Models", equations 6 and 7.
 */
import { eachDistanceBlock, type Rows } from './matrix-blocks.js';

/** Keeps the `k` smallest of the values that are put in for each row, sorted, with where they are from. */
export class SmallestPerRow {
  readonly values: Float64Array;
  readonly indices: Int32Array;
  readonly #k: number;

  constructor(count: number, k: number) {
    this.#k = k;
    this.values = new Float64Array(count * k).fill(Infinity);
    this.indices = new Int32Array(count * k).fill(-1);
  }

  put(row: number, value: number, index: number): void {
    const first = row * this.#k;
    let at = first + this.#k - 1;
    if (value >= (this.values[at] ?? 0)) return;
    for (; at > first && value < (this.values[at - 1] ?? 0); at--) {
      this.values[at] = this.values[at - 1] ?? 0;
      this.indices[at] = this.indices[at - 1] ?? 0;
    }
    this.values[at] = value;
    this.indices[at] = index;
  }

  /** The largest that is kept for a row. */
  last(row: number): number {
    return this.values[(row + 1) * this.#k - 1] ?? Infinity;
  }
}

/** Squared distance of each row to its k-th nearest other row. */
const neighbourRadii = (rows: Rows, k: number): Float64Array => {
  const nearest = new SmallestPerRow(rows.count, k);
  eachDistanceBlock(
    rows,
    rows,
    ({ products, stride, fromA, numA, fromB, numB }) => {
      const isDiagonal = fromA === fromB;
      for (let i = 0; i < numA; i++)
        for (let j = isDiagonal ? i + 1 : 0; j < numB; j++) {
          const distance = products[i * stride + j] ?? 0;
          nearest.put(fromA + i, distance, fromB + j);
          nearest.put(fromB + j, distance, fromA + i);
        }
    },
    true,
  );
  return Float64Array.from({ length: rows.count }, (_, row) => nearest.last(row));
};

export interface NeighbourShares {
  /** Share of the samples within the ball of a real example (to its k-th nearest other one). */
  readonly precision: number;
  /** Share of the real examples within the ball of a sample. */
  readonly recall: number;
  /** Mean number of balls of real examples that a sample lies in, divided by k. */
  readonly density: number;
  /** Share of the real examples with a sample in their ball. */
  readonly coverage: number;
}

const share = (flags: Uint8Array): number => flags.reduce((sum, flag) => sum + flag, 0) / flags.length;

/** Without `withRecall`, which needs a ball around every sample and a third of the time, recall is NaN. */
export const neighbourShares = (real: Rows, fake: Rows, k: number, withRecall: boolean): NeighbourShares => {
  const realRadii = neighbourRadii(real, k);
  const fakeRadii = withRecall ? neighbourRadii(fake, k) : new Float64Array(fake.count).fill(Number.NaN);
  const [isPrecise, isRecalled, isCovered] = [new Uint8Array(fake.count), new Uint8Array(real.count), new Uint8Array(real.count)];
  let numWithin = 0;
  eachDistanceBlock(real, fake, ({ products, stride, fromA, numA, fromB, numB }) => {
    for (let i = 0; i < numA; i++) {
      const radius = realRadii[fromA + i] ?? 0;
      for (let j = 0; j < numB; j++) {
        const distance = products[i * stride + j] ?? 0;
        if (distance <= radius) {
          numWithin++;
          isPrecise[fromB + j] = 1;
          isCovered[fromA + i] = 1;
        }
        if (distance <= (fakeRadii[fromB + j] ?? 0)) isRecalled[fromA + i] = 1;
      }
    }
  });
  return {
    precision: share(isPrecise),
    recall: withRecall ? share(isRecalled) : Number.NaN,
    density: numWithin / (k * fake.count),
    coverage: share(isCovered),
  };
};

/** The k nearest rows of `among` for each of `rows`, by squared distance. */
export const nearestRows = (rows: Rows, among: Rows, k: number): SmallestPerRow => {
  const nearest = new SmallestPerRow(rows.count, k);
  eachDistanceBlock(rows, among, ({ products, stride, fromA, numA, fromB, numB }) => {
    for (let i = 0; i < numA; i++) for (let j = 0; j < numB; j++) nearest.put(fromA + i, products[i * stride + j] ?? 0, fromB + j);
  });
  return nearest;
};
