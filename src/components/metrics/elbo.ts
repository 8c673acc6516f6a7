/**
 * The evidence lower bound, E_q log p(x|z) - KL(q(z|x) || p(z)) <= log p(x): the figure that a VAE is trained for, averaged over
 * examples and over the model's samples of the posterior.
 * Source: Kingma & Welling 2014, equation 3.
 */
import { defineComponent } from '../../registry/define.js';
import { createElbo, klEstimatorParam } from '../shared/evidence.js';
import { createMeans } from '../shared/reducers.js';

export default defineComponent({
  kind: 'metric',
  name: 'elbo',
  description: 'The lower bound on log p(x), averaged over examples; higher is better.',
  params: { klEstimator: klEstimatorParam },
  build: ({ klEstimator }) => {
    const { needs, perExample } = createElbo(klEstimator);
    return {
      needs,
      columns: () => [{ name: 'elbo', unit: 'nats', title: 'ELBO' }],
      measure: (offers) => ({ elbo: perExample(offers) }),
      reducer: () => createMeans('elbo', 1),
    };
  },
});
