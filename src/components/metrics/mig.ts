/**
 * The mutual information gap: for each factor, how much more the best latent says of it than the second, as a share of the factor's entropy;
 * averaged over factors. Latents are means of posteriors in 20 bins of equal width. 1: each factor has a latent of its own; 0: none has.
 * Source: Chen, Li, Grosse & Duvenaud 2018, "Isolating Sources of Disentanglement in VAEs", equation 6; binned as by Locatello et al. 2019.
 */
import { defineComponent } from '../../registry/define.js';
import { mutualInformationGap } from '../shared/disentanglement.js';
import { measureFactors } from '../shared/factor-metric.js';

export default defineComponent({
  kind: 'metric',
  name: 'mig',
  description: 'Mutual information gap: how much more of a factor one latent knows than any other; 1 at best, for data with known factors.',
  params: {},
  build: () => ({
    columns: () => [{ name: 'mig', unit: '', title: 'Mutual information gap' }],
    ...measureFactors(1, (sample) => [mutualInformationGap(sample)]),
  }),
});
