/** Dense layers from examples to a logit: [N, ...shape] to [N, 1]. */
import { defineComponent } from '../../registry/define.js';
import { leakySlope } from '../shared/layers.js';
import { minibatchDeviationParam } from '../shared/minibatch.js';
import { createMlp, mlpParams } from '../shared/mlp.js';

export default defineComponent({
  kind: 'discriminator',
  name: 'mlp',
  description: 'Dense layers with an activation after each hidden one, and a linear one that gives the logit.',
  params: {
    ...mlpParams,
    hidden: { ...mlpParams.hidden, default: [512, 256], examples: [[512, 256]] },
    activation: { ...mlpParams.activation, default: 'leaky-relu' },
    slope: { ...mlpParams.slope, default: leakySlope },
    minibatchDeviation: minibatchDeviationParam,
  },
  build: createMlp,
});
