/**
 * Disentanglement (a latent matters to one factor), completeness (a factor hangs on one latent) and informativeness (factors can be told from
 * the latents, by the share of variance that is explained), from the weights of a lasso from the latents to each factor.
 * Source: Eastwood & Williams 2018, "A Framework for the Quantitative Evaluation of Disentangled Representations", section 2.
 */
import { defineComponent } from '../../registry/define.js';
import { dciScores } from '../shared/disentanglement.js';
import { measureFactors } from '../shared/factor-metric.js';

export default defineComponent({
  kind: 'metric',
  name: 'dci',
  description:
    'Whether a latent matters to one factor only, whether a factor hangs on one latent only, and how well factors are told; 1 each at best.',
  params: {
    penalty: {
      type: 'number',
      minimum: 0,
      default: 0.05,
      description: 'Of weights, in the lasso: smaller correlations count for nothing.',
    },
  },
  build: ({ penalty }) => ({
    columns: () => [
      { name: 'dci.disentanglement', unit: '', title: 'Disentanglement' },
      { name: 'dci.completeness', unit: '', title: 'Completeness' },
      { name: 'dci.informativeness', unit: '', title: 'Informativeness' },
    ],
    ...measureFactors(3, (sample) => {
      const { disentanglement, completeness, informativeness } = dciScores(sample, penalty);
      return [disentanglement, completeness, informativeness];
    }),
  }),
});
