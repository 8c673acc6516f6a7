/** Dense layers from codes to examples: [N, Z] to [N, ...shape]. */
import { defineComponent } from '../../registry/define.js';
import { createMlp, mlpParams } from '../shared/mlp.js';

export default defineComponent({
  kind: 'generator',
  name: 'mlp',
  description: 'Dense layers with an activation after each hidden one, and a linear one that gives the example.',
  params: { ...mlpParams, hidden: { ...mlpParams.hidden, default: [256, 512], examples: [[256, 512]] } },
  build: createMlp,
});
