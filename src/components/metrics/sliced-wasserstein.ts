/**
 * The sliced Wasserstein distance: the root of the mean, over directions on the unit sphere, of the squared 2-Wasserstein distance between
 * projections of examples and samples, which in one dimension is that of sorted values. The directions are the same for every run.
 * Source: Bonneel et al. 2015, "Sliced and Radon Wasserstein Barycenters of Measures", section 2.2.
 */
import { defineComponent } from '../../registry/define.js';
import { compareSamples, countParam, createRowKeeper, featuresParam } from '../shared/sample-rows.js';
import { slicedWasserstein } from '../shared/sliced-wasserstein.js';

export default defineComponent({
  kind: 'metric',
  name: 'sliced-wasserstein',
  description: 'Wasserstein distance between examples and as many samples, seen along many directions; 0 for equal distributions.',
  params: {
    features: featuresParam,
    directions: { type: 'integer', minimum: 1, default: 128, description: 'Along how many directions.' },
    count: countParam,
  },
  build: ({ features, directions, count }) => ({
    columns: () => [{ name: 'sliced-wasserstein', unit: '', title: 'Sliced Wasserstein distance' }],
    ...compareSamples(features, count, () => createRowKeeper(1, (real, fake) => [slicedWasserstein(real, fake, directions)])),
  }),
});
