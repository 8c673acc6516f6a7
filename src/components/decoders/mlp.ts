/** Dense layers from codes to the parameters of the likelihood: [N, Z] to [N, ...output]. */
import { defineComponent } from '../../registry/define.js';
import { createMlp, mlpParams } from '../shared/mlp.js';

export default defineComponent({
  kind: 'decoder',
  name: 'mlp',
  description: 'Dense layers with an activation after each hidden one, and a linear one that gives the parameters of the likelihood.',
  params: mlpParams,
  build: createMlp,
});
