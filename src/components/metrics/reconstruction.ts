/** The first term of the bound, E_q log p(x|z), averaged over examples and over the model's samples of the posterior. */
import { defineComponent } from '../../registry/define.js';
import { expectedLogLikelihood } from '../shared/evidence.js';
import { createMeans } from '../shared/reducers.js';

const { needs, perExample } = expectedLogLikelihood;

export default defineComponent({
  kind: 'metric',
  name: 'reconstruction',
  description: 'How likely an example is given its code, E log p(x|z), averaged over examples; higher is better.',
  params: {},
  build: () => ({
    needs,
    columns: () => [{ name: 'reconstruction', unit: 'nats', title: 'Reconstruction' }],
    measure: (offers) => ({ reconstruction: perExample(offers) }),
    reducer: () => createMeans('reconstruction', 1),
  }),
});
