/**
 * The game on pairs: the discriminator tells (x, E(x)) from (G(z), z), the encoder and the generator together try to exchange the two,
 * in the non-saturating form. Sources: Donahue et al. 2017, equation 3; Dumoulin et al. 2017, section 2.2.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { crossEntropy } from '../shared/adversarial.js';

const needs = ['discriminator.real', 'discriminator.fake'] as const;

export default defineComponent({
  kind: 'loss',
  name: 'bigan',
  description:
    'The loss of a BiGAN or ALI: encoder and generator try to make the discriminator mistake one kind of pair for the other. In nats.',
  params: {},
  build: () => ({
    isLogistic: true,
    terms: [
      {
        players: ['discriminator'],
        needs,
        sign: 'non-negative',
        compute: (offers) => tf.mean(crossEntropy(0)(offers['discriminator.real'].logits, offers['discriminator.fake'].logits)),
      },
      {
        players: ['generator', 'encoder'],
        needs,
        sign: 'non-negative',
        compute: (offers) => tf.mean(crossEntropy(0)(offers['discriminator.fake'].logits, offers['discriminator.real'].logits)),
      },
    ],
  }),
});
