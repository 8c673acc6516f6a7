/** Gaussian noise on each value: x + deviation · e, e ~ N(0, 1), drawn for each example and epoch. */
import { defineComponent } from '../../registry/define.js';
import { blendedSupport, changeFacts, clip } from '../shared/transform-facts.js';

export default defineComponent({
  kind: 'transform',
  name: 'noise',
  description: 'Adds Gaussian noise to each value of training examples, drawn anew in each epoch; values from 0 to 1 stay there.',
  params: {
    deviation: { type: 'number', exclusiveMinimum: 0, default: 0.1, description: 'Standard deviation of the noise, in units of the data.' },
  },
  build: ({ deviation }) => ({
    random: true,
    facts: (data) => (data.support === 'binary' ? changeFacts(data, { support: blendedSupport(data.support) }) : data),
    prepare: (data) => (example, out, draws) => {
      draws.normal(out);
      for (let i = 0; i < out.length; i++) out[i] = (example[i] ?? 0) + deviation * (out[i] ?? 0);
      clip(out, data);
    },
  }),
});
