/**
 * The terms of the evidence lower bound per example, for losses and metrics: ELBO = E_q log p(x|z) - KL(q(z|x) || p(z)).
 * Shapes: B batch, L samples, Z latent.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { OfferName, Offers } from '../../registry/contracts/index.js';
import type { Param } from '../../registry/params.js';

/** A figure per example, [B], and what it is computed from. */
export interface Estimate {
  readonly needs: readonly OfferName[];
  readonly perExample: (offers: Offers) => tf.Tensor;
}

const klEstimatorNames = ['closed-form', 'monte-carlo'] as const;
export type KlEstimator = (typeof klEstimatorNames)[number];

/** KL(q(z|x) || p(z)) in nats. */
export const klEstimators: Readonly<Record<KlEstimator, Estimate>> = {
  'closed-form': { needs: ['kl'], perExample: ({ kl }) => tf.sum(kl, -1) },
  'monte-carlo': {
    needs: ['posterior', 'prior', 'z'],
    perExample: ({ posterior, prior, z }) => tf.mean(tf.sub(posterior.logProb(z), prior.logProb(z)), 0),
  },
};

export const klEstimatorParam = {
  type: 'string',
  enum: klEstimatorNames,
  default: 'closed-form',
  description:
    'How the divergence is computed: `closed-form`, where the prior has one, or `monte-carlo`, from the samples of the posterior.',
} as const satisfies Param;

/** E_q log p(x|z) in nats, averaged over the samples. */
export const expectedLogLikelihood: Estimate = {
  needs: ['x', 'likelihood'],
  perExample: ({ x, likelihood }) => tf.mean(likelihood.logProb(x), 0),
};

/** The bound in nats, averaged over the samples. */
export const createElbo = (kl: KlEstimator): Estimate => ({
  needs: [...expectedLogLikelihood.needs, ...klEstimators[kl].needs],
  perExample: (offers) => tf.sub(expectedLogLikelihood.perExample(offers), klEstimators[kl].perExample(offers)),
});
