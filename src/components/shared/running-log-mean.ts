/** log 1/L sum_l exp(w_l) of log weights that come one after the other, for many examples at once, in double precision. */
export interface RunningLogMean {
  /** One more weight for each example. */
  add(logWeights: ArrayLike<number>, from: number): void;
  /** Of all so far, by example; -Infinity where every weight is 0. */
  result(): Float64Array;
}

export const createRunningLogMean = (numExamples: number): RunningLogMean => {
  // The sum is exp(largest) times `sums`: weights of images are far below the smallest number.
  const largest = new Float64Array(numExamples).fill(Number.NEGATIVE_INFINITY);
  const sums = new Float64Array(numExamples);
  let count = 0;
  return {
    add: (logWeights, from) => {
      count++;
      for (let i = 0; i < numExamples; i++) {
        const weight = logWeights[from + i] ?? Number.NEGATIVE_INFINITY;
        const most = largest[i] ?? Number.NEGATIVE_INFINITY;
        if (weight === Number.NEGATIVE_INFINITY) continue;
        if (weight <= most) sums[i] = (sums[i] ?? 0) + Math.exp(weight - most);
        else {
          sums[i] = (sums[i] ?? 0) * Math.exp(most - weight) + 1;
          largest[i] = weight;
        }
      }
    },
    result: () => largest.map((most, i) => most + Math.log((sums[i] ?? 0) / count)),
  };
};
