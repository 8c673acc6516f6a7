/**
 * log p(x) by codes of the prior, the plainest estimate there is (equation 1 of the study's answers):
 *
 *   log p(x) ~ log 1/K sum_k p(x|z_k),   z_k ~ p(z)
 *
 * The mean under the logarithm is without bias, so the estimate is too small on average, and by a lot: it takes about
 * exp(KL(p(z|x) || p(z))) samples to hit codes that could have made x. All examples of a batch are held against the same codes.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { chunkParam, createMeanWithError, inChunks, logMeanExp, samplesParam } from '../shared/log-likelihood.js';

export default defineComponent({
  kind: 'metric',
  name: 'prior-monte-carlo',
  description:
    'log p(x) estimated with codes of the prior, with its standard error: too small, by hundreds of nats where codes say much of an example. What `importance-bound` is to be compared with.',
  params: { samples: samplesParam(1000), chunk: chunkParam },
  build: ({ samples, chunk }) => ({
    needs: ['x', 'prior', 'decode'],
    columns: () => [
      { name: 'prior-monte-carlo', unit: 'nats', title: `log p(x) by ${String(samples)} codes of the prior` },
      { name: 'prior-monte-carlo.error', unit: 'nats', title: 'Its standard error' },
    ],
    measure: ({ x, prior, decode }, noise) => {
      const logWeights_KB = inChunks(samples, chunk, noise, (its, count) => {
        const z_C1Z = tf.expandDims(prior.sample(its, count), 1);
        return decode(z_C1Z).logProb(x);
      });
      return { estimate: logMeanExp(logWeights_KB) };
    },
    reducer: () => createMeanWithError('estimate'),
  }),
});
