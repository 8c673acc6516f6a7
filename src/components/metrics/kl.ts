/** The second term of the bound, KL(q(z|x) || p(z)) summed over latents, averaged over examples. */
import { defineComponent } from '../../registry/define.js';
import { klEstimatorParam, klEstimators } from '../shared/evidence.js';
import { createMeans } from '../shared/reducers.js';

export default defineComponent({
  kind: 'metric',
  name: 'kl',
  description: 'How far posteriors are from the prior, KL(q(z|x) || p(z)) over all latents, averaged over examples.',
  params: { klEstimator: klEstimatorParam },
  build: ({ klEstimator }) => {
    const { needs, perExample } = klEstimators[klEstimator];
    return {
      needs,
      columns: () => [{ name: 'kl', unit: 'nats', title: 'KL divergence' }],
      measure: (offers) => ({ kl: perExample(offers) }),
      reducer: () => createMeans('kl', 1),
    };
  },
});
