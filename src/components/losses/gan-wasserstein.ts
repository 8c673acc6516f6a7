/**
 * The dual of the Wasserstein-1 distance, for a critic that is held to be 1-Lipschitz by clipped weights or by a penalty:
 *
 *   critic: E D(G(z)) - E D(x)        generator: -E D(G(z))
 *
 * Minus the critic's loss estimates the distance. Source: Arjovsky et al. 2017, equation 2.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { adversarialLoss } from '../shared/adversarial.js';

export default defineComponent({
  kind: 'loss',
  name: 'gan-wasserstein',
  description:
    "The Wasserstein loss (Arjovsky et al. 2017): the critic's mean score of fakes less that of real examples. Hold the critic by `weightClipping` or a `gradient-penalty`.",
  params: {},
  build: () =>
    adversarialLoss(
      (real, fake) => tf.sub(fake, real),
      (fake) => tf.neg(fake),
    ),
});
