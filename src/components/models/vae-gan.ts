/**
 * VAE-GAN: a VAE whose decoder is also the generator of a GAN, and whose reconstructions are compared by what the discriminator sees.
 * The discriminator is shown examples as real, and means of decoded codes from the prior as fakes.
 * Source: Larsen, Sonderby, Larochelle & Winther 2016, "Autoencoding beyond pixels using a learned similarity metric".
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Critique } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { createCritic, prefixPass } from '../shared/critique.js';
import { misfitOfNetworks } from '../shared/network-fit.js';
import { createOffers, memoize } from '../shared/offers.js';
import { createVariational, misfitOfAutoencoder, variationalOffers, variationalParams } from '../shared/variational.js';

export default defineComponent({
  kind: 'model',
  name: 'vae-gan',
  description:
    'A VAE and a GAN in one (Larsen et al. 2016): the decoder is the generator, and the loss `feature-reconstruction` compares ' +
    'reconstructions by the features of the discriminator.',
  params: {
    ...variationalParams,
    discriminator: { component: 'discriminator', default: 'mlp', description: 'From an example to a logit.' },
  },
  build: ({ discriminator, ...parts }) => ({
    players: ['encoder', 'decoder', 'discriminator'],
    roles: { generator: ['decoder'] },
    updates: [['discriminator'], ['encoder', 'decoder']],
    offers: [
      ...variationalOffers(parts),
      'real',
      'fake',
      'discriminator.real',
      'discriminator.fake',
      'discriminator.reconstruction',
      'discriminate',
    ],
    latent: parts.latent,
    check: (facts) =>
      misfitOfAutoencoder(parts, facts) ??
      (facts.data === null ? null : misfitOfNetworks({ discriminator: [discriminator, { input: facts.data.shape, output: [1] }] })),
    build: (scope, data) => {
      const offersOf = createVariational(scope, data, parts);
      const criticize = createCritic(discriminator.build(scope.child('discriminator'), { input: data.shape, output: [1] }));
      return (batch, pass) => {
        const makers = offersOf(batch, pass);
        const offers = createOffers(makers);
        const judge = (name: string, examples: () => tf.Tensor): (() => Critique) =>
          memoize(() => criticize(examples(), prefixPass(pass, `discriminator-${name}`)));
        // The decoder is applied to reconstruct as well: as the generator it draws under names of its own.
        const asGenerator = prefixPass(pass, 'generator');
        const generator = createOffers(offersOf(batch, asGenerator));
        const fake = memoize(() => generator.generate(generator.sampleLatent(asGenerator.noise, offers.x.shape[0])));
        let numCriticized = 0;
        return createOffers({
          ...makers,
          real: () => offers.x,
          fake,
          'discriminator.real': judge('real', () => offers.x),
          'discriminator.fake': judge('fake', fake),
          'discriminator.reconstruction': judge('reconstruction', () => offers.reconstruction),
          discriminate: () => (examples) => criticize(examples, prefixPass(pass, `discriminate-${String(++numCriticized)}`)),
        });
      };
    },
  }),
});
