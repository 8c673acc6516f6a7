/**
 * FactorVAE: a VAE with a discriminator that tells codes from codes whose dimensions come from different examples; its logit estimates how
 * dependent the dimensions are (loss `total-correlation`).
 *
 * Dimension j of the permuted codes is moved on by j examples: as examples of a batch are drawn independently, that is as good as a
 * random permutation wherever a batch has more examples than a code has dimensions.
 * Source: Kim & Mnih 2018, "Disentangling by factorising", algorithms 1 and 2.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { createCritic, prefixPass } from '../shared/critique.js';
import { misfitOfNetworks } from '../shared/network-fit.js';
import { createOffers, memoize } from '../shared/offers.js';
import { createVariational, misfitOfAutoencoder, variationalOffers, variationalParams } from '../shared/variational.js';

/** [B, Z], with column j moved on by j rows, around the end. */
const moveColumns = (z: tf.Tensor): tf.Tensor => {
  const [count = 1, size = 1] = z.shape;
  const columns = Array.from({ length: size }, (_, j) => {
    const column = tf.slice(z, [0, j], [count, 1]);
    const by = j % count;
    return by === 0 ? column : tf.concat([tf.slice(column, [count - by, 0], [by, 1]), tf.slice(column, [0, 0], [count - by, 1])], 0);
  });
  return columns.length === 1 ? z : tf.concat(columns, 1);
};

export default defineComponent({
  kind: 'model',
  name: 'factor-vae',
  description: 'A VAE whose codes are kept independent by a discriminator on permuted codes (Kim and Mnih 2018).',
  params: {
    ...variationalParams,
    discriminator: { component: 'discriminator', default: 'mlp', description: 'From a code to a logit.' },
  },
  build: ({ discriminator, ...parts }) => ({
    players: ['encoder', 'decoder', 'discriminator'],
    updates: [['encoder', 'decoder'], ['discriminator']],
    offers: [...variationalOffers(parts), 'real', 'fake', 'discriminator.real', 'discriminator.fake', 'discriminate'],
    latent: parts.latent,
    check: (facts) =>
      misfitOfAutoencoder(parts, facts) ?? misfitOfNetworks({ discriminator: [discriminator, { input: [parts.latent], output: [1] }] }),
    build: (scope, data) => {
      const offersOf = createVariational(scope, data, parts);
      const criticize = createCritic(discriminator.build(scope.child('discriminator'), { input: [parts.latent], output: [1] }));
      return (batch, pass) => {
        const makers = offersOf(batch, pass);
        // The first of the L samples stands for the posterior.
        const real = memoize(() => {
          const [, count = 1, size = 1] = makers.z().shape;
          return tf.reshape(tf.slice(makers.z(), [0, 0, 0], [1, count, size]), [count, size]);
        });
        const fake = memoize(() => moveColumns(real()));
        let numCriticized = 0;
        return createOffers({
          ...makers,
          real,
          fake,
          'discriminator.real': () => criticize(real(), prefixPass(pass, 'discriminator-real')),
          'discriminator.fake': () => criticize(fake(), prefixPass(pass, 'discriminator-fake')),
          discriminate: () => (codes) => criticize(codes, prefixPass(pass, `discriminate-${String(++numCriticized)}`)),
        });
      };
    },
  }),
});
