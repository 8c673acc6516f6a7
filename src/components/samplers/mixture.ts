/**
 * A mixture of Gaussians with whole covariances, by expectation maximisation.
 * Source: Ghosh et al. 2020, "From variational to deterministic autoencoders", section 4.
 */
import { defineComponent } from '../../registry/define.js';
import { codesParam, fitMixture } from '../shared/code-fits.js';

export default defineComponent({
  kind: 'sampler',
  name: 'mixture',
  description: 'A mixture of normal distributions, by expectation maximisation (Ghosh et al. 2020).',
  params: {
    codes: codesParam,
    components: { type: 'integer', minimum: 1, default: 10, description: 'Normal distributions that are mixed.' },
  },
  build: ({ codes, components }) => ({ family: 'a mixture of Gaussians', codes, prepare: () => fitMixture(components) }),
});
