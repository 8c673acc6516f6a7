/**
 * Half a cosine, without restarts: to + (from - to) (1 + cos(pi t / n)) / 2 at update t, and `to` from update n on.
 * Source: Loshchilov & Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts", equation 5.
 */
import { defineComponent } from '../../registry/define.js';
import { durationParams, fractionOf, numStepsOf } from '../shared/duration.js';

export default defineComponent({
  kind: 'schedule',
  name: 'cosine',
  description: 'Goes from one value to another along half a cosine, slowly at both ends, and stays there.',
  params: {
    from: { type: 'number', examples: [0.001], description: 'Value at first.' },
    to: { type: 'number', default: 0, description: 'Value at the end.' },
    ...durationParams('How long it goes.', 'Without `epochs` and `steps`, to the end of training.'),
  },
  build: ({ from, to, ...duration }) => ({
    constant: from === to,
    at: (progress) => {
      const fraction = fractionOf(progress.step, numStepsOf(duration, progress) ?? progress.totalSteps);
      return to + ((from - to) * (1 + Math.cos(Math.PI * fraction))) / 2;
    },
  }),
});
