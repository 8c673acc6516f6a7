/** Which classes a classifier names, and how sure it is of them. */
import type { Reducer, Values } from '../../registry/contracts/index.js';

export interface NamedClass {
  readonly label: number;
  readonly probability: number;
}

/** The most probable class of each of the rows `first` ... `first + count - 1` of [N, K] probabilities; of several the first. */
export const likeliestClasses = (probabilities: Values, numClasses: number, first: number, count: number): readonly NamedClass[] =>
  Array.from({ length: count }, (_, i) => {
    const row = Array.from(probabilities.subarray((first + i) * numClasses, (first + i + 1) * numClasses));
    const probability = Math.max(...row);
    return { label: Math.max(0, row.indexOf(probability)), probability };
  });

/** Places of the two of different classes with the largest product of probabilities, the first such pair; null where all are of one class. */
export const surestPair = (named: readonly NamedClass[]): readonly [number, number] | null => {
  let [pair, largest]: [readonly [number, number] | null, number] = [null, -1];
  for (const [i, a] of named.entries()) {
    for (const [j, b] of named.slice(i + 1).entries()) {
      const product = a.probability * b.probability;
      if (a.label !== b.label && product > largest) [pair, largest] = [[i, i + 1 + j], product];
    }
  }
  return pair;
};

/**
 * Of `name`'s rows, [B, K] probabilities: the mean of the largest, the entropy of the shares in which classes are the likeliest, divided by
 * log K, and the least of these shares.
 */
export const createClassShares = (name: string, numClasses: number): Reducer => {
  const counts = new Float64Array(numClasses);
  let [total, confidence] = [0, 0];
  return {
    add: ({ [name]: probabilities = new Float32Array() }, count) => {
      for (const { label, probability } of likeliestClasses(probabilities, numClasses, 0, count)) {
        counts[label] = (counts[label] ?? 0) + 1;
        confidence += probability;
      }
      total += count;
    },
    result: () => {
      const shares = Array.from(counts, (count) => count / total);
      const entropy = shares.reduce((sum, share) => sum - (share > 0 ? share * Math.log(share) : 0), 0);
      return [confidence / total, numClasses > 1 ? entropy / Math.log(numClasses) : 1, Math.min(...shares)];
    },
  };
};
