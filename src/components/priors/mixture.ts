/**
 * A mixture of K diagonal Gaussians with weights, means and scales that are learned: p(z) = sum_k w_k N(z; mean_k, scale_k^2).
 * Source: Dilokthanakul et al. 2016, "Deep unsupervised clustering with Gaussian mixture variational autoencoders"; as a prior alone,
 * Tomczak & Welling 2018, section 4.1 (MoG).
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { zeros } from '../shared/initializers.js';
import { mixtureLogProb, sampleMixture } from '../shared/mixture-density.js';
import { toScale } from '../shared/scale.js';

const scaleAtFirst = Math.log(Math.E - 1);

export default defineComponent({
  kind: 'prior',
  name: 'mixture',
  description: 'A mixture of Gaussians that is learned with the model; its divergence is estimated: take `kl-monte-carlo` or `iwae`.',
  params: {
    components: { type: 'integer', minimum: 1, default: 10, description: 'Gaussians in the mixture.' },
    spread: { type: 'number', minimum: 0, default: 1, description: 'Standard deviation of their means at first; their scales are 1.' },
  },
  build: ({ components, spread }) => ({
    hasClosedFormKl: false,
    build: (scope, latent) => {
      const mean = scope.variable('means', [components, latent], (out, _, draws) => {
        draws.normal(out);
        for (let i = 0; i < out.length; i++) out[i] = spread * (out[i] ?? 0);
      });
      const unbounded = scope.variable('scales', [components, latent], (out) => out.fill(scaleAtFirst));
      // One component weighs 1, whatever its logit.
      const logits = components === 1 ? null : scope.variable('weights', [components], zeros);
      const parts = () => ({ mean, ...toScale(unbounded, 'softplus') });
      const logWeights = (): tf.Tensor => (logits === null ? tf.zeros([1]) : tf.sub(logits, tf.logSumExp(logits)));
      return {
        sample: (noise, count) => sampleMixture(noise, count, parts(), logWeights()),
        logProb: (z) => mixtureLogProb(z, parts(), logWeights()),
        kl: null,
      };
    },
  }),
});
