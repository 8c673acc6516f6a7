/** Zeros and ones by a threshold: 1 where x > threshold. */
import { defineComponent } from '../../registry/define.js';
import { changeFacts } from '../shared/transform-facts.js';

export default defineComponent({
  kind: 'transform',
  name: 'binarize',
  description: 'Makes values binary: 1 above a threshold, 0 at it and below.',
  params: {
    threshold: { type: 'number', default: 0.5, description: 'What a value must exceed to become 1.' },
  },
  build: ({ threshold }) => ({
    random: false,
    facts: (data) => {
      if (data.support === 'binary')
        return { param: null, message: 'takes grey values, those of the data are binary', help: 'Leave it out.' };
      if (data.support === 'unit-interval' && (threshold < 0 || threshold >= 1))
        return {
          param: 'threshold',
          message: `makes all values ${threshold < 0 ? '1' : '0'}: those of the data are from 0 to 1`,
          help: 'Give a threshold from 0 to less than 1.',
        };
      return changeFacts(data, { support: 'binary' });
    },
    prepare: () => (example, out) => {
      for (let i = 0; i < out.length; i++) out[i] = Number((example[i] ?? 0) > threshold);
    },
  }),
});
