/**
 * The generator maximises E log D(G(z)) in place of minimising E log(1 - D(G(z))): its gradient at a logit l is -(1 - sigmoid(l)), and
 * does not vanish where the discriminator is sure (question 2.4). The discriminator's loss is that of the minimax game.
 * Source: Goodfellow et al. 2014, section 3.
 */
import { defineComponent } from '../../registry/define.js';
import { costOfReal, labelSmoothingParam, logisticLoss } from '../shared/adversarial.js';

export default defineComponent({
  kind: 'loss',
  name: 'gan-non-saturating',
  description: 'The usual loss of a GAN (Goodfellow et al. 2014): the generator minimises -E log D(G(z)). In nats.',
  params: { labelSmoothing: labelSmoothingParam },
  build: ({ labelSmoothing }) => logisticLoss(labelSmoothing, costOfReal, 'non-negative'),
});
