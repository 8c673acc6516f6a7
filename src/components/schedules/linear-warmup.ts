/**
 * Grows in a straight line from `from` to what `to` begins with, and then is `to`, whose own time starts at that moment:
 * `{ type: linear-warmup, epochs: 1, to: { type: cosine, from: 0.001 } }` warms a learning rate up and lets it fall again.
 * Source: for the KL term, Bowman et al. 2016 and Sonderby et al. 2016; for learning rates, Goyal et al. 2017.
 */
import { defineComponent } from '../../registry/define.js';
import { durationParams, fractionOf, numStepsOf } from '../shared/duration.js';

export default defineComponent({
  kind: 'schedule',
  name: 'linear-warmup',
  description: 'Grows in a straight line, then stays, or goes on with another schedule.',
  params: {
    ...durationParams('How long it grows.', 'Without `epochs` and `steps`, to the end of training.'),
    from: { type: 'number', default: 0, description: 'Value at first.' },
    to: {
      component: 'schedule',
      default: 1,
      description: 'Value that is reached: a number, or a schedule that begins when it is reached.',
    },
  },
  build: ({ from, to, ...duration }) => ({
    constant: false,
    at: (progress) => {
      const numSteps = numStepsOf(duration, progress) ?? progress.totalSteps;
      // A warm-up of whole updates is meant: the schedule behind it counts them, too.
      const behind = Math.ceil(numSteps);
      const target = to.at({
        step: Math.max(0, progress.step - behind),
        stepsPerEpoch: progress.stepsPerEpoch,
        totalSteps: Math.max(1, progress.totalSteps - behind),
      });
      return from + (target - from) * fractionOf(progress.step, numSteps);
    },
  }),
});
