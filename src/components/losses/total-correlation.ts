/**
 * Total correlation of the codes by the density ratio of a discriminator: gamma E[log D(z) - log(1 - D(z))] = gamma E[logit(z)] for the
 * encoder; the discriminator learns to tell codes (real) from codes whose dimensions were permuted (fake).
 * Source: Kim & Mnih 2018, "Disentangling by factorising", equations 2 and 3, algorithm 2.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { crossEntropy } from '../shared/adversarial.js';

export default defineComponent({
  kind: 'loss',
  name: 'total-correlation',
  description: "FactorVAE's penalty on dependent codes, and the loss of the discriminator that estimates it (Kim and Mnih 2018). In nats.",
  params: { gamma: { type: 'number', minimum: 0, default: 6, description: "Factor of the encoder's part." } },
  build: ({ gamma }) => ({
    terms: [
      {
        players: ['encoder'],
        needs: ['discriminator.real'],
        compute: (offers) => tf.mul(tf.mean(offers['discriminator.real'].logits), gamma),
      },
      {
        players: ['discriminator'],
        needs: ['discriminator.real', 'discriminator.fake'],
        sign: 'non-negative',
        compute: (offers) =>
          tf.mul(tf.mean(crossEntropy(0)(offers['discriminator.real'].logits, offers['discriminator.fake'].logits)), 0.5),
      },
    ],
  }),
});
