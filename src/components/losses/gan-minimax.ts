/**
 * The minimax game of the first GAN, equation 15 of the study; the generator's gradient at a logit l is -sigmoid(l), which is nothing
 * where the discriminator is sure (question 2.4).
 *
 *   discriminator: -E log D(x) - E log(1 - D(G(z)))        generator: E log(1 - D(G(z)))
 *
 * Source: Goodfellow et al. 2014, equation 1.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { costOfFake, labelSmoothingParam, logisticLoss } from '../shared/adversarial.js';

export default defineComponent({
  kind: 'loss',
  name: 'gan-minimax',
  description:
    'The saturating loss (Goodfellow et al. 2014): the generator minimises E log(1 - D(G(z))), which starves it while the discriminator wins. In nats.',
  params: { labelSmoothing: labelSmoothingParam },
  build: ({ labelSmoothing }) => logisticLoss(labelSmoothing, (fake) => tf.neg(costOfFake(fake)), 'non-positive'),
});
