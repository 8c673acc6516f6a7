/** Stronger and weaker contrast: m + f (x - m), with m the example's mean and f uniform on [1 - amount, 1 + amount]. */
import { defineComponent } from '../../registry/define.js';
import { blendedSupport, changeFacts, clip } from '../shared/transform-facts.js';

export default defineComponent({
  kind: 'transform',
  name: 'contrast',
  description:
    'Multiplies how far the values of a training example are from their mean by one factor, drawn anew in each epoch; values from 0 to 1 stay there.',
  params: {
    amount: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.2,
      description: 'The factor is equally likely from 1 - amount to 1 + amount.',
    },
  },
  build: ({ amount }) => ({
    random: true,
    facts: (data) => (data.support === 'binary' ? changeFacts(data, { support: blendedSupport(data.support) }) : data),
    prepare: (data) => {
      const chance = new Float32Array(1);
      return (example, out, draws) => {
        draws.uniform(chance);
        const factor = 1 + (2 * (chance[0] ?? 0) - 1) * amount;
        const mean = example.reduce((sum, value) => sum + value, 0) / example.length;
        for (let i = 0; i < out.length; i++) out[i] = mean + factor * ((example[i] ?? 0) - mean);
        clip(out, data);
      };
    },
  }),
});
