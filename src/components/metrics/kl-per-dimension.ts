/** KL(q(z|x) || p(z)) of each latent, averaged over examples: which latents say something. Latents count from 1. */
import { defineComponent } from '../../registry/define.js';
import { createMeans } from '../shared/reducers.js';

export default defineComponent({
  kind: 'metric',
  name: 'kl-per-dimension',
  description: 'KL(q(z|x) || p(z)) of each latent in closed form, averaged over examples: a column for each, counted from 1.',
  params: {},
  build: () => ({
    needs: ['kl'],
    columns: (latent) =>
      Array.from({ length: latent }, (_, i) => ({
        name: `kl-per-dimension.${String(i + 1)}`,
        unit: 'nats',
        title: `KL divergence of latent ${String(i + 1)}`,
      })),
    measure: ({ kl }) => ({ kl }),
    reducer: (latent) => createMeans('kl', latent),
  }),
});
