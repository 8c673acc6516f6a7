/**
 * Number of latents that the data moves: those with Var_x(E_q[z]) above a threshold, the variance over the split's examples of
 * the posterior's mean. The bulk of latents lies far to either side of 0.01.
 * Source: Burda, Grosse & Salakhutdinov 2016, "Importance Weighted Autoencoders", section 5.2.
 */
import { defineComponent } from '../../registry/define.js';
import { createVariances } from '../shared/reducers.js';

export default defineComponent({
  kind: 'metric',
  name: 'active-units',
  description: 'Number of latents whose posterior mean varies between examples (Burda et al. 2016); the others are as the prior has them.',
  params: {
    threshold: { type: 'number', minimum: 0, default: 0.01, description: 'Variance above which a latent is active.' },
  },
  build: ({ threshold }) => ({
    needs: ['posterior'],
    columns: () => [{ name: 'active-units', unit: '', title: 'Active units' }],
    measure: ({ posterior }) => ({ mean: posterior.mean }),
    reducer: (latent) => {
      const variances = createVariances('mean', latent);
      return { add: variances.add, result: () => [variances.result().filter((variance) => variance > threshold).length] };
    },
  }),
});
