/**
 * FactorVAE's score: of examples that share the value of one factor, the latent that varies least (against its variance over all) votes for
 * that factor; the score is the share of votes that agree with the majority of their latent. 1 where each factor has a latent that stands
 * for it alone; 1 / K for K factors where latents say nothing.
 * Source: Kim & Mnih 2018, "Disentangling by Factorising", section 4 and figure 2.
 */
import { defineComponent } from '../../registry/define.js';
import { factorVaeScore } from '../shared/disentanglement.js';
import { measureFactors } from '../shared/factor-metric.js';

export default defineComponent({
  kind: 'metric',
  name: 'factor-vae-score',
  description:
    'Whether the latent that varies least tells which factor was held still (Kim and Mnih 2018); 1 at best, 1 / K for K factors by chance.',
  params: {},
  build: () => ({
    columns: () => [{ name: 'factor-vae-score', unit: '', title: "FactorVAE's score" }],
    ...measureFactors(1, (sample) => [factorVaeScore(sample)]),
  }),
});
