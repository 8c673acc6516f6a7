/**
 * Separated attribute predictability: for each factor, by how much one latent alone explains it better than the next, averaged over factors.
 * The score of a latent is the squared correlation, or for a factor without an order the share of its variance between the factor's values.
 * Source: Kumar, Sattigeri & Balakrishnan 2018, "Variational Inference of Disentangled Latent Concepts from Unlabeled Observations", section 3.
 */
import { defineComponent } from '../../registry/define.js';
import { separatedPredictability } from '../shared/disentanglement.js';
import { measureFactors } from '../shared/factor-metric.js';

export default defineComponent({
  kind: 'metric',
  name: 'sap',
  description: 'Separated attribute predictability: how much better one latent explains a factor than any other; 1 at best.',
  params: {},
  build: () => ({
    columns: () => [{ name: 'sap', unit: '', title: 'Separated attribute predictability' }],
    ...measureFactors(1, (sample) => [separatedPredictability(sample)]),
  }),
});
