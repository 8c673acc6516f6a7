/**
 * Probabilistic PCA, fitted by its formula: with the eigenvalues l_i and unit eigenvectors u_i of the training split's covariance,
 *
 *   s^2 = mean of the D - Z smallest l_i,   W = [u_i sqrt(l_i - s^2)] of the Z largest
 *
 * is the maximum of the likelihood; a linear VAE's bound rises to it, and never above (Lucas et al. 2019).
 * Source: Tipping & Bishop 1999, "Probabilistic Principal Component Analysis", equations 7 and 8.
 */
import { defineComponent } from '../../registry/define.js';
import { createLinearGaussian, trainingMoments } from '../shared/linear-gaussian.js';
import { fitPpca } from '../shared/ppca.js';

export default defineComponent({
  kind: 'model',
  name: 'ppca',
  description:
    'Probabilistic PCA (Tipping and Bishop 1999), fitted by its formula and not by training: `losses: []` and `training: { steps: 0 }`. Its ' +
    'likelihood is exact, and what a linear VAE can reach.',
  params: {
    latent: { type: 'integer', minimum: 1, unit: 'dimensions', examples: [20], description: 'Size of a code z: principal components.' },
  },
  build: ({ latent }) => createLinearGaussian(latent, (data) => fitPpca(trainingMoments(data), latent)),
});
