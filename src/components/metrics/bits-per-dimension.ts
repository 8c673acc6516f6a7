/**
 * The negative bound in bits per data value: -ELBO / (D ln 2) + log2(divisor). For values that were divided before training, the
 * second term turns a density of the divided values into the probability of the whole ones.
 * Source: Theis, van den Oord & Bethge 2016, "A note on the evaluation of generative models", section 3.1.
 */
import { defineComponent } from '../../registry/define.js';
import { createElbo, klEstimatorParam } from '../shared/evidence.js';
import { createMeans } from '../shared/reducers.js';
import { numValues } from '../shared/shapes.js';

export default defineComponent({
  kind: 'metric',
  name: 'bits-per-dimension',
  description: 'The negative lower bound in bits, divided by the number of values in an example; lower is better.',
  params: {
    divisor: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 1,
      examples: [256],
      description:
        'What whole values were divided by before training, where the likelihood is a density: 256 for dequantised bytes, 255 for bytes read ' +
        'as k / 255. 1 for binary data.',
    },
    klEstimator: klEstimatorParam,
  },
  build: ({ divisor, klEstimator }) => {
    const { needs, perExample } = createElbo(klEstimator);
    return {
      needs,
      columns: () => [{ name: 'bits-per-dimension', unit: 'bits', title: 'Bits per dimension' }],
      measure: (offers) => ({ elbo: perExample(offers) }),
      reducer: (_, { shape }) => {
        const means = createMeans('elbo', 1);
        return {
          add: means.add,
          result: () => means.result().map((elbo) => -elbo / (numValues(shape) * Math.LN2) + Math.log2(divisor)),
        };
      },
    };
  },
});
