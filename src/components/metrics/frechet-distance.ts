/**
 * The squared Frechet distance between Gaussians fitted to the features of examples and of samples:
 *
 *   |m_r - m_g|^2 + tr (S_r + S_g - 2 (S_r S_g)^1/2)
 *
 * It is above 0 for finitely many samples of the very same distribution, the more so the fewer they are: only figures of equal numbers can
 * be compared. With Inception's features it is called FID; these are others, and so are the numbers.
 * Source: Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium", equation 6.
 */
import { defineComponent } from '../../registry/define.js';
import { createMoments, frechetDistance, type MomentSums } from '../shared/gaussian-moments.js';
import { compareSamples, featuresParam } from '../shared/sample-rows.js';

export default defineComponent({
  kind: 'metric',
  name: 'frechet-distance',
  description:
    'Squared Frechet distance between Gaussians fitted to the features of the examples and of as many samples; 0 where means and covariances ' +
    'agree. It grows as samples get fewer.',
  params: { features: featuresParam },
  build: ({ features }) => ({
    columns: () => [{ name: 'frechet-distance', unit: '', title: 'Frechet distance' }],
    ...compareSamples(features, null, () => {
      let moments: { readonly real: MomentSums; readonly fake: MomentSums } | null = null;
      return {
        add: (real, fake, count, width) => {
          moments ??= { real: createMoments(width), fake: createMoments(width) };
          moments.real.add(real, count);
          moments.fake.add(fake, count);
        },
        result: () => [moments === null ? Number.NaN : frechetDistance(moments.real.result(), moments.fake.result())],
      };
    }),
  }),
});
