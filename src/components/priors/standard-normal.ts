/**
 * The unit Gaussian p(z) = N(0, I); to a Gaussian posterior its divergence has the closed form
 *
 *   KL(q || p) = (mean^2 + scale^2 - 1) / 2 - ln scale   per latent
 *
 * Source: Kingma & Welling 2014, appendix B. It has no variables.
 */
import { defineComponent } from '../../registry/define.js';
import { klToStandardNormal, standardNormalLogProb } from '../shared/gaussian.js';

export default defineComponent({
  kind: 'prior',
  name: 'standard-normal',
  description: 'The unit Gaussian N(0, I), with a divergence in closed form.',
  params: {},
  build: () => ({
    hasClosedFormKl: true,
    build: (_, latent) => ({
      sample: (noise, count) => noise.normal('prior', [count, latent]),
      logProb: standardNormalLogProb,
      kl: klToStandardNormal,
    }),
  }),
});
