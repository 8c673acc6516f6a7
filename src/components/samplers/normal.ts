/**
 * One Gaussian with the mean and the whole covariance of the codes.
 * Source: Ghosh et al. 2020, "From variational to deterministic autoencoders", section 4.
 */
import { defineComponent } from '../../registry/define.js';
import { codesParam, fitNormal } from '../shared/code-fits.js';

export default defineComponent({
  kind: 'sampler',
  name: 'normal',
  description: 'One normal distribution with the mean and the covariance of the codes (Ghosh et al. 2020).',
  params: { codes: codesParam },
  build: ({ codes }) => ({ family: 'a Gaussian', codes, prepare: () => fitNormal }),
});
