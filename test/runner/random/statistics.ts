/** Test statistics with their tail bounds. Seeds are fixed, so that a test either always passes or always fails. */

/** Pearson's statistic of `values` in [0, 1) over equal bins, as a normal deviate (Wilson-Hilferty): beyond ±5 is no accident. */
export const chiSquareDeviate = (values: Iterable<number>, numBins: number): number => {
  const counts = new Float64Array(numBins);
  let total = 0;
  for (const value of values) {
    const bin = Math.floor(value * numBins);
    counts[bin] = (counts[bin] ?? 0) + 1;
    total += 1;
  }
  const expected = total / numBins;
  const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const degrees = numBins - 1;
  const spread = 2 / (9 * degrees);
  return (Math.cbrt(statistic / degrees) - (1 - spread)) / Math.sqrt(spread);
};

/** Phi(x) by the series of Marsaglia 2004, "Evaluating the Normal Distribution": exact to 1e-15 for |x| < 7. */
export const normalCdf = (x: number): number => {
  let term = x;
  let sum = x;
  for (let i = 3; Math.abs(term) > 1e-17 * Math.abs(sum) && i < 400; i += 2) {
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-0.5 * x * x) * 0.3989422804014327;
};

/** Kolmogorov and Smirnov's sqrt(n) D; above 1.95 once in 1000, above 2.7 once in a million. */
export const kolmogorovSmirnov = (values: Float32Array, cdf: (x: number) => number): number => {
  const sorted = values.slice().sort();
  const n = sorted.length;
  let largest = 0;
  sorted.forEach((value, i) => {
    const expected = cdf(value);
    largest = Math.max(largest, expected - i / n, (i + 1) / n - expected);
  });
  return Math.sqrt(n) * largest;
};

/** sqrt(n) times Pearson's correlation: a standard normal deviate for independent values. */
export const correlationDeviate = (a: Float32Array, b: Float32Array): number => {
  const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [da, db] = [(a[i] ?? 0) - meanA, (b[i] ?? 0) - meanB];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return (Math.sqrt(a.length) * ab) / Math.sqrt(aa * bb);
};
