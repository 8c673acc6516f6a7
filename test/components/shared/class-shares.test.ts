/** Shares of classes and the confidence in them, on probabilities that are known. */
import { describe, expect, it } from 'vitest';
import { createClassShares, likeliestClasses, surestPair } from '../../../src/components/shared/class-shares.js';

// Rows of three classes, of which the last is padding.
const probabilities = Float32Array.from([...[0.5, 0.25, 0.25], ...[0.125, 0.75, 0.125], ...[1, 0, 0], ...[0, 0.25, 0.75], ...[0, 0, 1]]);

describe('the classes that a classifier names', () => {
  it('are the likeliest of each row', () => {
    expect(likeliestClasses(probabilities, 3, 1, 3)).toEqual([
      { label: 1, probability: 0.75 },
      { label: 0, probability: 1 },
      { label: 2, probability: 0.75 },
    ]);
  });

  it('give the mean confidence, the entropy of their shares and the rarest share, without the padding', () => {
    const shares = createClassShares('p', 3);
    shares.add({ p: probabilities }, 2);
    shares.add({ p: probabilities.slice(6) }, 2);
    const [confidence, balance, rarest] = shares.result();
    expect(confidence).toBeCloseTo((0.5 + 0.75 + 1 + 0.75) / 4, 10);
    // Shares 1/2, 1/4, 1/4: an entropy of 1.5 bits out of log2(3).
    expect(balance).toBeCloseTo(1.5 / Math.log2(3), 10);
    expect(rarest).toBe(0.25);
  });

  it('have balance 0 where there is one class, and 1 where all are equally frequent', () => {
    const one = createClassShares('p', 2);
    one.add({ p: Float32Array.from([1, 0, 0.9, 0.1]) }, 2);
    expect(one.result()[1]).toBe(0);
    const both = createClassShares('p', 2);
    both.add({ p: Float32Array.from([1, 0, 0.1, 0.9]) }, 2);
    expect(both.result()[1]).toBe(1);
  });

  it('make a pair of the surest two of different classes', () => {
    const named = likeliestClasses(probabilities, 3, 0, 5);
    expect(surestPair(named)).toEqual([2, 4]);
    expect(surestPair(named.slice(0, 1))).toBeNull();
    expect(surestPair([named[0]!, named[2]!])).toBeNull();
  });
});
