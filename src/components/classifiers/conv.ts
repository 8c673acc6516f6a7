/** A small convolutional classifier: what knows digits to a per cent. */
import { defineComponent } from '../../registry/define.js';
import { classifierParams, describeTraining } from '../shared/classifier.js';
import { convParams } from '../shared/conv-net.js';

export default defineComponent({
  kind: 'classifier',
  name: 'conv',
  description: 'Convolutions with strides, then dense layers, from an image to the logits of its classes.',
  params: {
    ...classifierParams,
    filters: { ...convParams.filters, default: [32, 64] },
    hidden: { ...convParams.hidden, default: [128] },
    dropout: { ...convParams.dropout, default: 0.2 },
  },
  build: ({ filters, hidden, dropout, ...training }) => ({
    ...describeTraining({ type: 'conv', filters, hidden, dropout }, training),
    check: ({ data }) => {
      if (data === null || data.shape.length === 3) return null;
      return {
        param: null,
        message: `convolves images of [height, width, channels], and examples are [${data.shape.join(', ')}]`,
        help: 'Take `classifier: mlp`, which reads data of any shape.',
      };
    },
  }),
});
