/** A number that stays as it is; what a bare number in the YAML stands for. */
import { defineComponent } from '../../registry/define.js';

export default defineComponent({
  kind: 'schedule',
  name: 'constant',
  description: 'Stays as it is; a bare number means the same.',
  params: { value: { type: 'number', examples: [1], description: 'The number.' } },
  build: ({ value }) => ({ constant: true, at: () => value }),
});
