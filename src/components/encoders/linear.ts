/**
 * One linear layer from an example to the parameters of its posterior: [N, ...shape] to [N, 2 Z]. With the linear decoder and a
 * Gaussian likelihood the VAE is probabilistic PCA (Lucas et al. 2019, "Don't Blame the ELBO!").
 */
import { defineComponent } from '../../registry/define.js';
import { initializerParam } from '../shared/initializers.js';
import { createMlp, linearOptions } from '../shared/mlp.js';
import { scaleParam } from '../shared/scale.js';

export default defineComponent({
  kind: 'encoder',
  name: 'linear',
  description: 'One linear layer from an example to the mean and the scale of its posterior.',
  params: { initializer: initializerParam, scale: scaleParam },
  build: ({ initializer, scale }) => ({ ...createMlp(linearOptions(initializer)), scale }),
});
