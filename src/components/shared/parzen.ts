/**
 * The Gaussian Parzen window on the host: the density of S samples y_s, each widened by the bandwidth h in every one of D directions,
 *
 *   log p_h(x) = log 1/S sum_s exp(-|x - y_s|^2 / 2 h^2) - D/2 log(2 pi h^2)
 *
 * Source: Breuleux, Bengio & Vincent 2011, "Quickly Generating Representative Samples from an RBM-Derived Process"; the bandwidth by
 * validation examples as in Goodfellow et al. 2014, "Generative Adversarial Nets", section 5.
 */
import { eachDistanceBlock, type Rows } from './matrix-blocks.js';

/** Exponents below this are too small beside 1 to count, and most of the time is in them. */
const negligible = -50;

/** For each bandwidth, log p_h of each row. */
export const parzenLogDensities = (rows: Rows, samples: Rows, bandwidths: readonly number[]): readonly Float64Array[] => {
  // Sums of exponentials beside the largest so far, which is that of the nearest sample, whatever the bandwidth.
  const nearest = new Float64Array(rows.count).fill(Infinity);
  const sums = bandwidths.map(() => new Float64Array(rows.count));
  eachDistanceBlock(rows, samples, ({ products, stride, fromA, numA, numB }) => {
    for (let i = 0; i < numA; i++) {
      const row = fromA + i;
      const before = nearest[row] ?? Infinity;
      let least = before;
      for (let j = 0; j < numB; j++) least = Math.min(least, products[i * stride + j] ?? Infinity);
      nearest[row] = least;
      bandwidths.forEach((bandwidth, b) => {
        const scale = -0.5 / bandwidth ** 2;
        const ofBandwidth = sums[b];
        if (ofBandwidth === undefined) return;
        let sum = before === Infinity ? 0 : (ofBandwidth[row] ?? 0) * Math.exp(scale * (before - least));
        for (let j = 0; j < numB; j++) {
          const exponent = scale * ((products[i * stride + j] ?? Infinity) - least);
          if (exponent > negligible) sum += Math.exp(exponent);
        }
        ofBandwidth[row] = sum;
      });
    }
  });
  return bandwidths.map((bandwidth, b) => {
    const constant = Math.log(samples.count) + (rows.width / 2) * Math.log(2 * Math.PI * bandwidth ** 2);
    return Float64Array.from(nearest, (least, row) => Math.log(sums[b]?.[row] ?? Number.NaN) - (0.5 * least) / bandwidth ** 2 - constant);
  });
};

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** `count` numbers from `least` to `most`, each as many times the one before. */
export const bandwidthGrid = (least: number, most: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => (count === 1 ? least : least * (most / least) ** (i / (count - 1))));

/** The bandwidth that makes these rows most likely on average. */
export const chooseBandwidth = (rows: Rows, samples: Rows, bandwidths: readonly number[]): number => {
  const means = parzenLogDensities(rows, samples, bandwidths).map(mean);
  return bandwidths[means.indexOf(Math.max(...means))] ?? Number.NaN;
};

/** Mean of log p_h over the rows, and its standard error: the deviation of the rows by the root of their number. */
export const parzenEstimate = (rows: Rows, samples: Rows, bandwidth: number): readonly [mean: number, error: number] => {
  const [densities = new Float64Array()] = parzenLogDensities(rows, samples, [bandwidth]);
  const average = mean(densities);
  const square = densities.reduce((sum, value) => sum + (value - average) ** 2, 0);
  return [average, Math.sqrt(square / (rows.count - 1) / rows.count)];
};
