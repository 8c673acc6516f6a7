/**
 * Adversarial losses, from logits l of a discriminator D(x) = sigmoid(l), averaged over the batch. All are stable for any logit, because
 * -log D = softplus(-l) and -log(1 - D) = softplus(l).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Loss, LossTerm, Offers } from '../../registry/contracts/index.js';

/** -log D(x): [N] for logits [N]. */
export const costOfReal = (logits: tf.Tensor): tf.Tensor => tf.softplus(tf.neg(logits));
/** -log(1 - D(x)). */
export const costOfFake = (logits: tf.Tensor): tf.Tensor => tf.softplus(logits);

type Logits = (real: tf.Tensor, fake: tf.Tensor) => tf.Tensor;

const logitsOf = (offers: Offers): readonly [tf.Tensor, tf.Tensor] => [
  offers['discriminator.real'].logits,
  offers['discriminator.fake'].logits,
];

/** A loss of both players; each term gives the cost of logits per example, which is averaged. */
export const adversarialLoss = (
  discriminator: Logits,
  generator: (fake: tf.Tensor) => tf.Tensor,
  signs: { readonly discriminator?: LossTerm['sign']; readonly generator?: LossTerm['sign'] } = {},
): Loss => ({
  terms: [
    {
      players: ['discriminator'],
      needs: ['discriminator.real', 'discriminator.fake'],
      ...(signs.discriminator === undefined ? {} : { sign: signs.discriminator }),
      compute: (offers) => tf.mean(discriminator(...logitsOf(offers))),
    },
    {
      players: ['generator'],
      needs: ['discriminator.fake'],
      ...(signs.generator === undefined ? {} : { sign: signs.generator }),
      compute: (offers) => tf.mean(generator(offers['discriminator.fake'].logits)),
    },
  ],
});

/** Cross entropy of real and fake: -(1 - a) log D(x) - a log(1 - D(x)) - log(1 - D(fake)), with the share a of smoothed labels. */
export const crossEntropy =
  (labelSmoothing: number): Logits =>
  (real, fake) => {
    // -(1 - a) log D - a log(1 - D) = softplus(-l) + a l
    const cost = costOfReal(real);
    return tf.add(labelSmoothing > 0 ? tf.add(cost, tf.mul(real, labelSmoothing)) : cost, costOfFake(fake));
  };

/** The game in which D is a probability: its discriminator can be so sure that the generator learns nothing any more. */
export const logisticLoss = (
  labelSmoothing: number,
  generator: (fake: tf.Tensor) => tf.Tensor,
  sign: NonNullable<LossTerm['sign']>,
): Loss => ({
  ...adversarialLoss(crossEntropy(labelSmoothing), generator, { discriminator: 'non-negative', generator: sign }),
  isLogistic: true,
});

export const labelSmoothingParam = {
  type: 'number',
  minimum: 0,
  exclusiveMaximum: 0.5,
  default: 0,
  description: 'Share of the label "fake" that real examples are given (Salimans et al. 2016): 0.1 asks the discriminator for 0.9.',
} as const;
