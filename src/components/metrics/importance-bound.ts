/**
 * The importance-weighted bound on log p(x), from K samples of the posterior per example:
 *
 *   L_K = E log 1/K sum_k w_k <= log p(x),   w_k = p(x|z_k) p(z_k) / q(z_k|x),   z_k ~ q(z|x)
 *
 * It is the ELBO at K = 1, rises with K, and reaches log p(x) as K grows; it takes about exp(KL(p(z|x) || q(z|x))) samples to come near. The
 * mean of log w over the same samples is the ELBO, so the gap between the two is known without the noise that they share.
 * Source: Burda, Grosse & Salakhutdinov 2016, "Importance Weighted Autoencoders", theorem 1; Wu et al. 2017 on how it is used.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { chunkParam, createMeanWithError, inChunks, logMeanExp, samplesParam } from '../shared/log-likelihood.js';
import { joinReducers } from '../shared/reducers.js';

export default defineComponent({
  kind: 'metric',
  name: 'importance-bound',
  description:
    'The importance-weighted bound on log p(x) (Burda et al. 2016), the nearest to log p(x) that a VAE knows, with its standard error and its distance from the ELBO: what the posterior gives away. Give it `every`: it costs as much as many passes.',
  params: { samples: samplesParam(100), chunk: chunkParam },
  build: ({ samples, chunk }) => ({
    needs: ['x', 'posterior', 'prior', 'decode'],
    columns: () => [
      { name: 'importance-bound', unit: 'nats', title: `Importance-weighted bound, K = ${String(samples)}` },
      { name: 'importance-bound.error', unit: 'nats', title: 'Its standard error' },
      { name: 'importance-bound.gap', unit: 'nats', title: 'Importance-weighted bound less the ELBO' },
      { name: 'importance-bound.gap.error', unit: 'nats', title: 'Its standard error' },
    ],
    measure: ({ x, posterior, prior, decode }, noise) => {
      const logWeights_KB = inChunks(samples, chunk, noise, (its, count) => {
        const z = posterior.sample(its, count);
        return tf.add(decode(z).logProb(x), tf.sub(prior.logProb(z), posterior.logProb(z)));
      });
      const bound = logMeanExp(logWeights_KB);
      return { bound, gap: tf.sub(bound, tf.mean(logWeights_KB, 0)) };
    },
    reducer: () => joinReducers([createMeanWithError('bound'), createMeanWithError('gap')]),
  }),
});
