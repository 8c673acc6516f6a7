/**
 * A code alone: the encoder says where, and all of q(z|x) is there. It makes an autoencoder of a VAE: there is no divergence, and losses
 * such as `mmd` or `code-norm` keep the codes together.
 * Source: Tolstikhin et al. 2018, "Wasserstein auto-encoders"; Ghosh et al. 2020, "From variational to deterministic autoencoders".
 */
import { defineComponent } from '../../registry/define.js';
import { pointPosterior } from '../shared/point-posterior.js';

export default defineComponent({
  kind: 'posterior',
  name: 'point',
  description: 'No distribution but one code for each example, as in Wasserstein and regularized autoencoders; it has no density.',
  params: {},
  build: () => pointPosterior,
});
