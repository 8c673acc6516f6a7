/** Lighter and darker examples: x + b with b uniform on [-amount, amount], one b for the whole example. */
import { defineComponent } from '../../registry/define.js';
import { blendedSupport, changeFacts, clip } from '../shared/transform-facts.js';

export default defineComponent({
  kind: 'transform',
  name: 'brightness',
  description: 'Adds to all values of a training example one number, drawn anew in each epoch; values from 0 to 1 stay there.',
  params: {
    amount: { type: 'number', exclusiveMinimum: 0, default: 0.2, description: 'The number is equally likely from -amount to amount.' },
  },
  build: ({ amount }) => ({
    random: true,
    facts: (data) => (data.support === 'binary' ? changeFacts(data, { support: blendedSupport(data.support) }) : data),
    prepare: (data) => {
      const chance = new Float32Array(1);
      return (example, out, draws) => {
        draws.uniform(chance);
        const added = (2 * (chance[0] ?? 0) - 1) * amount;
        for (let i = 0; i < out.length; i++) out[i] = (example[i] ?? 0) + added;
        clip(out, data);
      };
    },
  }),
});
