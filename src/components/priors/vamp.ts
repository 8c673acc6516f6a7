/**
 * VampPrior: the prior is a mixture of the model's own posteriors, of K examples u_k that are learned as pseudo-inputs,
 *
 *   p(z) = 1/K sum_k q(z|u_k)
 *
 * which is what the posteriors of all examples look like taken together, were the u_k the examples.
 * Source: Tomczak & Welling 2018, "VAE with a VampPrior", equation 9.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { PriorDistribution } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { mixtureLogProb, sampleMixture } from '../shared/mixture-density.js';

const needsEncoder = (): never => {
  throw new Error('the VampPrior is made of posteriors, and needs the encoder of a pass');
};

export default defineComponent({
  kind: 'prior',
  name: 'vamp',
  description:
    'A mixture of the posteriors of learned pseudo-inputs (VampPrior, Tomczak and Welling 2018), for Gaussian posteriors; its divergence is ' +
    'estimated: take `kl-monte-carlo` or `iwae`.',
  params: { components: { type: 'integer', minimum: 1, default: 100, description: 'Pseudo-inputs, K.' } },
  build: ({ components }) => ({
    hasClosedFormKl: false,
    build: (scope, _, data) => {
      if (data === undefined) throw new Error('the VampPrior needs to know what examples are like');
      const free = scope.variable('pseudo-inputs', [components, ...data.shape], (out, _shape, draws) => {
        draws.normal(out);
      });
      return {
        ...{ sample: needsEncoder, logProb: needsEncoder, kl: null },
        within: (encode): PriorDistribution => {
          const parts = encode(data.support === 'real' ? free : tf.sigmoid(free));
          const logWeights = tf.fill([components], -Math.log(components));
          return {
            sample: (noise, count) => sampleMixture(noise, count, parts, logWeights),
            logProb: (z) => mixtureLogProb(z, parts, logWeights),
            kl: null,
          };
        },
      };
    },
  }),
});
