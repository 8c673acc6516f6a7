/** Steps down (or up) by a factor: from * factor^floor(t / n) at update t, with n updates between the steps. */
import { defineComponent } from '../../registry/define.js';
import { durationParams, numStepsOf } from '../shared/duration.js';

export default defineComponent({
  kind: 'schedule',
  name: 'step',
  description: 'Stays for a while, is multiplied by a factor, stays again, and so on.',
  params: {
    from: { type: 'number', examples: [0.001], description: 'Value at first.' },
    factor: { type: 'number', exclusiveMinimum: 0, default: 0.1, description: 'What each step multiplies by.' },
    ...durationParams('How long a value stays.', 'Without `epochs` and `steps`, one epoch.'),
  },
  build: ({ from, factor, ...duration }) => ({
    constant: factor === 1,
    at: (progress) => from * factor ** Math.floor(progress.step / (numStepsOf(duration, progress) ?? progress.stepsPerEpoch)),
  }),
});
