/** Dense layers from an example to the parameters of its posterior: [N, ...shape] to [N, 2 Z]. */
import { defineComponent } from '../../registry/define.js';
import { createMlp, mlpParams } from '../shared/mlp.js';
import { scaleParam } from '../shared/scale.js';

export default defineComponent({
  kind: 'encoder',
  name: 'mlp',
  description:
    'Dense layers with an activation after each hidden one; one last linear layer gives the mean and the scale of the posterior.',
  params: { ...mlpParams, scale: scaleParam },
  build: ({ scale, ...options }) => ({ ...createMlp(options), scale }),
});
