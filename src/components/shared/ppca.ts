/** The maximum of pPCA's likelihood, by its formula (Tipping & Bishop 1999, equations 7 and 8). */
import type { Moments } from './gaussian-moments.js';
import type { LinearGaussian } from './linear-gaussian.js';
import { symmetricEigen } from './symmetric-eigen.js';

/** Of a mean and a covariance. */
export const fitPpca = ({ mean, covariance }: Pick<Moments, 'mean' | 'covariance'>, latent: number): LinearGaussian => {
  const width = mean.length;
  const { values, vectors } = symmetricEigen(covariance, width);
  const rest = values.slice(latent);
  const variance = Math.max(rest.reduce((sum, value) => sum + value, 0) / rest.length, Number.MIN_VALUE);
  const loadings = new Float64Array(width * latent);
  for (let k = 0; k < latent; k++) {
    const length = Math.sqrt(Math.max(0, (values[k] ?? 0) - variance));
    for (let d = 0; d < width; d++) loadings[d * latent + k] = length * (vectors[k * width + d] ?? 0);
  }
  return { mean, loadings, noise: new Float64Array(width).fill(variance) };
};
