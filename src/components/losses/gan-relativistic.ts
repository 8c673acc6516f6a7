/**
 * Relativistic losses: the discriminator says how much more real an example is than one of the other kind. With r and f the logits of
 * real and fake,
 *
 *   average: discriminator: E softplus(-(r - E f)) + E softplus(f - E r), and the generator the same with r and f exchanged
 *   paired:  discriminator: E softplus(-(r - f)),                          generator: E softplus(-(f - r))
 *
 * Source: Jolicoeur-Martineau 2019, "The relativistic discriminator", equations 8 and 9 (paired), 10 and 11 (average).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Offers } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { costOfFake, costOfReal } from '../shared/adversarial.js';

/** What it costs that `better` is not the more real one. */
const cost = (better: tf.Tensor, worse: tf.Tensor, isAverage: boolean): tf.Tensor => {
  if (!isAverage) return tf.mean(costOfReal(tf.sub(better, worse)));
  const above = tf.mean(costOfReal(tf.sub(better, tf.mean(worse))));
  return tf.add(above, tf.mean(costOfFake(tf.sub(worse, tf.mean(better)))));
};

const logits = (offers: Offers): { readonly real: tf.Tensor; readonly fake: tf.Tensor } => ({
  real: offers['discriminator.real'].logits,
  fake: offers['discriminator.fake'].logits,
});

export default defineComponent({
  kind: 'loss',
  name: 'gan-relativistic',
  description:
    'The relativistic loss (Jolicoeur-Martineau 2019): real examples are to look more real than fakes, not real as such. In nats.',
  params: {
    average: {
      type: 'boolean',
      default: true,
      description: 'Whether an example is compared with the mean of the other kind, or with one of them.',
    },
  },
  build: ({ average }) => {
    const needs = ['discriminator.real', 'discriminator.fake'] as const;
    return {
      terms: [
        {
          players: ['discriminator'],
          needs,
          sign: 'non-negative',
          compute: (offers) => {
            const { real, fake } = logits(offers);
            return cost(real, fake, average);
          },
        },
        {
          players: ['generator'],
          needs,
          sign: 'non-negative',
          compute: (offers) => {
            const { real, fake } = logits(offers);
            return cost(fake, real, average);
          },
        },
      ],
    };
  },
});
