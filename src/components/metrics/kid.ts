/**
 * The kernel distance: the squared maximum mean discrepancy between the features of examples and of samples under the kernel
 * k(a, b) = (a'b / D + 1)^3, by its unbiased estimator. It averages to 0 over samples of the same distribution however few they are, and
 * may fall below. All pairs are taken, not random subsets of them: nothing is left to chance.
 * Source: Binkowski et al. 2018, "Demystifying MMD GANs", equation 4.
 */
import { defineComponent } from '../../registry/define.js';
import { kernelDistance } from '../shared/kernel-distance.js';
import { compareSamples, countParam, createRowKeeper, featuresParam } from '../shared/sample-rows.js';

export default defineComponent({
  kind: 'metric',
  name: 'kid',
  description:
    'Squared maximum mean discrepancy between the features of the examples and of as many samples, with a cubic kernel, unbiased: 0 on average ' +
    'for equal distributions.',
  params: { features: featuresParam, count: countParam },
  build: ({ features, count }) => ({
    columns: () => [{ name: 'kid', unit: '', title: 'Kernel distance' }],
    ...compareSamples(features, count, () => createRowKeeper(1, (real, fake) => [kernelDistance(real, fake)])),
  }),
});
