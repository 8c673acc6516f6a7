/** Decays (or grows) evenly in its logarithm: from * factor^(t / n) at update t. */
import { defineComponent } from '../../registry/define.js';
import { durationParams, numStepsOf } from '../shared/duration.js';

export default defineComponent({
  kind: 'schedule',
  name: 'exponential',
  description: 'Decays exponentially, a little at each update.',
  params: {
    from: { type: 'number', examples: [0.001], description: 'Value at first.' },
    factor: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 0.95,
      description: 'What the value is multiplied by in the time that `epochs` and `steps` say.',
    },
    ...durationParams('How long it takes to change by `factor`.', 'Without `epochs` and `steps`, one epoch.'),
  },
  build: ({ from, factor, ...duration }) => ({
    constant: factor === 1,
    at: (progress) => from * factor ** (progress.step / (numStepsOf(duration, progress) ?? progress.stepsPerEpoch)),
  }),
});
