/**
 * Samples held against the Gaussian mixture that the data was drawn from. A sample belongs to the mode whose centre is nearest, and is
 * of high quality within three standard deviations of it. A mode is covered when a sample of high quality belongs to it.
 * Sources: Srivastava et al. 2017, "VEEGAN", modes and high-quality samples; Lin et al. 2018, "PacGAN", the
 * reverse KL divergence.
 */
import type { GaussianMixture } from '../../registry/contracts/index.js';

/** Standard deviations from the centre within which a sample is of high quality. */
export const highQualityDeviations = 3;

export interface ModeCounts {
  /** Adds `count` samples, [count, D] row-major; what stands behind them is ignored. */
  add(samples: Float32Array, count: number): void;
  /** Modes with at least one sample of high quality. */
  covered(): number;
  /** Share of the samples that are of high quality. */
  highQuality(): number;
  /**
   * KL(g || p) in nats: g are the shares of the samples that belong to each mode, whatever their quality, and p is the same for all
   * modes. 0 for a perfect balance, ln M where one mode of M has them all.
   */
  reverseKl(): number;
}

export const createModeCounts = ({ means, deviation }: GaussianMixture): ModeCounts => {
  const size = means[0]?.length ?? 0;
  const centres = Float64Array.from(means.flat());
  const reach = (highQualityDeviations * deviation) ** 2;
  const nearby = new Float64Array(means.length);
  const good = new Float64Array(means.length);
  let numSamples = 0;
  return {
    add: (samples, count) => {
      if (samples.length < count * size) throw new Error(`${count} samples of ${size} values were expected, ${samples.length} values came`);
      for (let i = 0; i < count; i++) {
        let nearest = 0;
        let distance = Infinity;
        for (let mode = 0; mode < means.length; mode++) {
          let square = 0;
          for (let d = 0; d < size; d++) square += ((samples[i * size + d] ?? NaN) - (centres[mode * size + d] ?? NaN)) ** 2;
          if (square < distance) [nearest, distance] = [mode, square];
        }
        nearby[nearest] = (nearby[nearest] ?? 0) + 1;
        if (distance <= reach) good[nearest] = (good[nearest] ?? 0) + 1;
      }
      numSamples += count;
    },
    covered: () => good.filter((count) => count > 0).length,
    highQuality: () => good.reduce((sum, count) => sum + count, 0) / numSamples,
    reverseKl: () =>
      nearby.reduce((sum, count) => {
        const share = count / numSamples;
        return share > 0 ? sum + share * Math.log(share * means.length) : sum;
      }, 0),
  };
};
