/**
 * log p(x) of simulated examples, between two bounds: z ~ p(z), x ~ p(x|z). Chains from the prior bound it from below, and chains in reverse,
 * which begin at the z that x was made of, an exact sample of the posterior, bound it from above. The gap says how far the same estimator
 * can be wrong on real data, as long as the model is near to the data. `shared/annealing.ts` has the formulas.
 * Source: Grosse, Ghahramani & Adams 2015, "Sandwiching the marginal likelihood using bidirectional Monte Carlo".
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import {
  annealingParams,
  beginAnnealing,
  createChains,
  createPilot,
  drawCodes,
  lowerBound,
  stateOf,
  upperBound,
  type ExamplesOf,
} from '../shared/annealing.js';
import { createMeanWithError } from '../shared/log-likelihood.js';
import { prefixNoise } from '../shared/named-noise.js';
import { createMeans, joinReducers } from '../shared/reducers.js';

const simulated: ExamplesOf = (_, state) => stateOf(state, 'simulated');

export default defineComponent({
  kind: 'metric',
  name: 'bidirectional-monte-carlo',
  description:
    'log p(x) of examples that are drawn from the model itself, as many as `images` or the split has, from below and from above (Grosse et al. 2015): ' +
    'the gap is the most that `annealed-importance` with the same params errs by, on average. Give it `every`.',
  params: annealingParams,
  build: ({ images, ...annealing }) => ({
    needs: ['x', 'prior', 'decode'],
    examples: images,
    columns: () => [
      { name: 'bidirectional-monte-carlo.lower', unit: 'nats', title: 'log p(x) of simulated examples, from below' },
      { name: 'bidirectional-monte-carlo.lower.error', unit: 'nats', title: 'Its standard error' },
      { name: 'bidirectional-monte-carlo.upper', unit: 'nats', title: 'log p(x) of simulated examples, from above' },
      { name: 'bidirectional-monte-carlo.upper.error', unit: 'nats', title: 'Its standard error' },
      { name: 'bidirectional-monte-carlo.gap', unit: 'nats', title: 'Upper bound less lower bound' },
      { name: 'bidirectional-monte-carlo.gap.error', unit: 'nats', title: 'Its standard error' },
      { name: 'bidirectional-monte-carlo.acceptance', unit: '', title: 'Share of accepted proposals' },
    ],
    measure: (offers, noise) => {
      const { x, prior, decode } = offers;
      const [batch = 1] = x.shape;
      const { chains } = annealing;
      const its = prefixNoise(noise, 'simulation');
      const codes_1BZ = drawCodes(prior, its, 1, batch);
      return {
        ...beginAnnealing(offers, noise, annealing),
        simulated: decode(tf.squeeze(codes_1BZ, [0])).sample(its),
        reverseCodes: tf.tile(codes_1BZ, [chains, 1, 1]),
        reverseWeights: tf.zeros([chains, batch]),
        reverseAcceptance: tf.zeros([batch]),
      };
    },
    repetitions: [
      createPilot(annealing, simulated),
      createChains(
        annealing,
        simulated,
        { codes: 'codes', logWeights: 'logWeights', acceptance: 'acceptance', isReverse: false },
        (logWeights) => ({ lower: lowerBound(logWeights) }),
      ),
      createChains(
        annealing,
        simulated,
        { codes: 'reverseCodes', logWeights: 'reverseWeights', acceptance: 'reverseAcceptance', isReverse: true },
        (logWeights, state) => {
          const upper = upperBound(logWeights);
          return { upper, gap: tf.sub(upper, stateOf(state, 'lower')) };
        },
      ),
    ],
    reducer: () =>
      joinReducers([createMeanWithError('lower'), createMeanWithError('upper'), createMeanWithError('gap'), createMeans('acceptance', 1)]),
  }),
});
