/**
 * The hinge loss:
 *
 *   discriminator: E max(0, 1 - D(x)) + E max(0, 1 + D(G(z)))        generator: -E D(G(z))
 *
 * Its minimum is 2 where fakes are distributed as the data. Sources: Lim & Ye 2017; Miyato et al. 2018, equation 16.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { adversarialLoss } from '../shared/adversarial.js';

export default defineComponent({
  kind: 'loss',
  name: 'gan-hinge',
  description: 'The hinge loss (Lim and Ye 2017), the companion of spectral normalisation.',
  params: {},
  build: () =>
    adversarialLoss(
      (real, fake) => tf.add(tf.relu(tf.sub(1, real)), tf.relu(tf.add(fake, 1))),
      (fake) => tf.neg(fake),
      { discriminator: 'non-negative' },
    ),
});
