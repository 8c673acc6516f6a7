/** One linear layer from codes to the parameters of the likelihood: [N, Z] to [N, ...output]. */
import { defineComponent } from '../../registry/define.js';
import { initializerParam } from '../shared/initializers.js';
import { createMlp, linearOptions } from '../shared/mlp.js';

export default defineComponent({
  kind: 'decoder',
  name: 'linear',
  description: 'One linear layer from codes to the parameters of the likelihood, as in probabilistic PCA and factor analysis.',
  params: { initializer: initializerParam },
  build: ({ initializer }) => createMlp(linearOptions(initializer)),
});
