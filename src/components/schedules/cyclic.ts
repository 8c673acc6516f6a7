/**
 * Saw teeth with a flat top, for annealing the KL term: M equal cycles, in each a straight line from `from` to `to` during the
 * share R of the cycle, then `to`; after the last cycle it stays at `to`.
 * Source: Fu et al. 2019, "Cyclical Annealing Schedule: A Simple Approach to Mitigating KL Vanishing", equations 6 and 7.
 */
import { defineComponent } from '../../registry/define.js';
import { durationParams, fractionOf, numStepsOf } from '../shared/duration.js';

export default defineComponent({
  kind: 'schedule',
  name: 'cyclic',
  description: 'Grows in a straight line and stays a while, again and again (Fu et al. 2019); then it stays for good.',
  params: {
    from: { type: 'number', default: 0, description: 'Value at the beginning of a cycle.' },
    to: { type: 'number', default: 1, description: 'Value at its end, and after the last one.' },
    cycles: { type: 'integer', minimum: 1, default: 4, unit: 'cycles', description: 'How often it grows.' },
    rising: { type: 'number', exclusiveMinimum: 0, maximum: 1, default: 0.5, description: 'Share of a cycle in which it grows.' },
    ...durationParams('How long all cycles take together.', 'Without `epochs` and `steps`, to the end of training.'),
  },
  build: ({ from, to, cycles, rising, ...duration }) => ({
    constant: from === to,
    at: (progress) => {
      const fraction = fractionOf(progress.step, numStepsOf(duration, progress) ?? progress.totalSteps);
      if (fraction === 1) return to;
      const phase = (fraction * cycles) % 1;
      return from + (to - from) * Math.min(1, phase / rising);
    },
  }),
});
