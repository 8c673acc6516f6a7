/** Black for white: 1 - x. */
import { defineComponent } from '../../registry/define.js';
import { changeFacts, unboundedMisfit } from '../shared/transform-facts.js';

export default defineComponent({
  kind: 'transform',
  name: 'invert',
  description: 'Turns values from 0 to 1 around, 1 - x: dark strokes on light paper become light ones on dark.',
  params: {},
  build: () => ({
    random: false,
    facts: (data) => unboundedMisfit(data) ?? changeFacts(data, {}),
    prepare: () => (example, out) => {
      for (let i = 0; i < out.length; i++) out[i] = 1 - (example[i] ?? 0);
    },
  }),
});
