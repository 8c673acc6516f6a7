/** log p(x), exactly, where the model knows it. */
import { defineComponent } from '../../registry/define.js';
import { createMeanWithError } from '../shared/log-likelihood.js';

export default defineComponent({
  kind: 'metric',
  name: 'log-likelihood',
  description: 'log p(x) averaged over examples, exactly, with its standard error; for models that know it, such as `ppca`.',
  params: {},
  build: () => ({
    needs: ['evidence'],
    columns: () => [
      { name: 'log-likelihood', unit: 'nats', title: 'log p(x)' },
      { name: 'log-likelihood.error', unit: 'nats', title: 'Its standard error' },
    ],
    measure: ({ evidence }) => ({ evidence }),
    reducer: () => createMeanWithError('evidence'),
  }),
});
