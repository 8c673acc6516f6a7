/** Inception scores of two streams of class probabilities, and how far their classes' shares are apart. */
import type { Reducer } from '../../registry/contracts/index.js';

interface Score {
  add(probabilities: Float32Array, count: number): void;
  score(): number;
  shares(): readonly number[];
}

/** E KL(p(y|x) || p(y)) = H(p(y)) - E H(p(y|x)): both are sums over the stream. */
const createScore = (numClasses: number): Score => {
  const sums = new Float64Array(numClasses);
  let [negativeEntropy, total] = [0, 0];
  const shares = (): readonly number[] => Array.from(sums, (sum) => sum / total);
  return {
    add: (probabilities, count) => {
      for (let i = 0; i < count * numClasses; i++) {
        const p = probabilities[i] ?? 0;
        sums[i % numClasses] = (sums[i % numClasses] ?? 0) + p;
        if (p > 0) negativeEntropy += p * Math.log(p);
      }
      total += count;
    },
    score: () => Math.exp(negativeEntropy / total - shares().reduce((sum, share) => sum + (share > 0 ? share * Math.log(share) : 0), 0)),
    shares,
  };
};

/** Of `real` and `fake`, [B, K]: the score of the fakes, that of the real, and the total variation between their shares of classes. */
export const createScores = (numClasses: number): Reducer => {
  const [real, fake] = [createScore(numClasses), createScore(numClasses)];
  return {
    add: (rows, count) => {
      real.add(rows['real'] ?? new Float32Array(), count);
      fake.add(rows['fake'] ?? new Float32Array(), count);
    },
    result: () => {
      const others = fake.shares();
      const apart = real.shares().reduce((sum, share, k) => sum + Math.abs(share - (others[k] ?? 0)), 0) / 2;
      return [fake.score(), real.score(), apart];
    },
  };
};
