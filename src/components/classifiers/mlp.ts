/** A small dense classifier: seconds of training on digits, and good for data of any shape. */
import { defineComponent } from '../../registry/define.js';
import { classifierParams, describeTraining } from '../shared/classifier.js';
import { mlpParams } from '../shared/mlp.js';

export default defineComponent({
  kind: 'classifier',
  name: 'mlp',
  description: 'Dense layers from an example to the logits of its classes.',
  params: {
    ...classifierParams,
    hidden: { ...mlpParams.hidden, default: [256, 128] },
    dropout: { ...mlpParams.dropout, default: 0.2 },
  },
  build: ({ hidden, dropout, ...training }) => describeTraining({ type: 'mlp', hidden, dropout }, training),
});
