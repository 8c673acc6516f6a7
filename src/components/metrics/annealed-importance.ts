/**
 * log p(x) by annealed importance sampling: chains of Hamiltonian Monte Carlo that go from the prior to the posterior of each example, and the
 * log of the mean of their weights, which is below log p(x) on average and comes near it with many temperatures. It needs no encoder, and is
 * not misled by a bad one; `shared/annealing.ts` has the formulas and the sources.
 */
import { defineComponent } from '../../registry/define.js';
import { annealingParams, beginAnnealing, createChains, createPilot, lowerBound } from '../shared/annealing.js';
import { createMeanWithError } from '../shared/log-likelihood.js';
import { createMeans, joinReducers } from '../shared/reducers.js';

export default defineComponent({
  kind: 'metric',
  name: 'annealed-importance',
  description:
    'log p(x) of the first examples by annealed importance sampling with Hamiltonian Monte Carlo (Wu et al. 2017), from below, with its standard ' +
    'error and the share of accepted proposals (0.65 is aimed at). It needs no encoder. Give it `every`: it costs thousands of passes.',
  params: annealingParams,
  build: ({ images, ...annealing }) => ({
    needs: ['x', 'prior', 'decode'],
    examples: images,
    columns: () => [
      { name: 'annealed-importance', unit: 'nats', title: `log p(x) by ${String(annealing.distributions)} annealed distributions` },
      { name: 'annealed-importance.error', unit: 'nats', title: 'Its standard error' },
      { name: 'annealed-importance.acceptance', unit: '', title: 'Share of accepted proposals' },
    ],
    measure: (offers, noise) => beginAnnealing(offers, noise, annealing),
    repetitions: [
      createPilot(annealing, ({ x }) => x),
      createChains(
        annealing,
        ({ x }) => x,
        { codes: 'codes', logWeights: 'logWeights', acceptance: 'acceptance', isReverse: false },
        (logWeights) => ({ estimate: lowerBound(logWeights) }),
      ),
    ],
    reducer: () => joinReducers([createMeanWithError('estimate'), createMeans('acceptance', 1)]),
  }),
});
