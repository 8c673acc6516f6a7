/**
 * Variational autoencoder: q(z|x) from an encoder, p(x|z) from a decoder, and L reparameterised samples of z per example.
 * Source: Kingma & Welling 2014, "Auto-Encoding Variational Bayes"; Rezende, Mohamed & Wierstra 2014.
 */
import { defineComponent } from '../../registry/define.js';
import { createOffers } from '../shared/offers.js';
import { createVariational, misfitOfAutoencoder, variationalOffers, variationalParams } from '../shared/variational.js';

export default defineComponent({
  kind: 'model',
  name: 'vae',
  description:
    'A variational autoencoder (Kingma and Welling 2014): an encoder and a decoder, trained together by a bound on the likelihood.',
  params: variationalParams,
  build: (parts) => ({
    players: ['encoder', 'decoder'],
    offers: variationalOffers(parts),
    latent: parts.latent,
    check: (facts) => misfitOfAutoencoder(parts, facts),
    build: (scope, data) => {
      const offersOf = createVariational(scope, data, parts);
      return (batch, pass) => createOffers(offersOf(batch, pass));
    },
  }),
});
