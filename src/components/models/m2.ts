/**
 * M2, a semi-supervised VAE: the class y is a latent as well, which a classifier infers where no label tells it,
 *
 *   p(x, y, z) = p(y) p(z) p(x|y, z),   q(y, z|x) = q(y|x) q(z|x, y)
 *
 * It offers the bound on log p(x, y) for each class y; the loss `semi-supervised` makes of it what labelled and unlabelled examples cost.
 * Source: Kingma, Rezende, Mohamed & Welling 2014, "Semi-supervised learning with deep generative models", equations 6 to 9.
 * Shapes: B batch, K classes, Z latent.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Batch, Pass } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { classesInTurn } from '../shared/conditioning.js';
import { prefixPass } from '../shared/critique.js';
import { createPosterior } from '../shared/gaussian.js';
import { misfitOfNetworks } from '../shared/network-fit.js';
import { createOffers, memoize } from '../shared/offers.js';
import { createDecode, examplesOf, misfitOfAutoencoder, variationalParams } from '../shared/variational.js';

/** Rows k B ... (k + 1) B - 1 are of class k: [K B, K]. */
const allClasses = (batch: number, numClasses: number): tf.Tensor =>
  tf.reshape(tf.tile(tf.expandDims(tf.eye(numClasses), 1), [1, batch, 1]), [batch * numClasses, numClasses]);

const oneHot = (labels: tf.Tensor, numClasses: number): tf.Tensor => tf.cast(tf.oneHot(tf.cast(labels, 'int32'), numClasses), 'float32');

export default defineComponent({
  kind: 'model',
  name: 'm2',
  description:
    'A semi-supervised VAE (M2, Kingma et al. 2014): the class is a latent that a classifier infers where the label is hidden, as in the data ' +
    '`partly-labelled`. The loss is `semi-supervised`.',
  params: {
    latent: variationalParams.latent,
    encoder: { ...variationalParams.encoder, description: 'From an example and its class to q(z|x, y).' },
    classifier: {
      component: 'discriminator',
      default: { type: 'mlp', hidden: [500] },
      description: 'From an example to the logits of q(y|x).',
    },
    decoder: { ...variationalParams.decoder, description: 'From a code and a class to the parameters of p(x|z, y).' },
    likelihood: variationalParams.likelihood,
    prior: variationalParams.prior,
  },
  build: ({ latent, encoder, classifier, decoder, likelihood, prior }) => ({
    players: ['encoder', 'decoder', 'classifier'],
    offers: ['x', 'labels', 'class.logits', 'class.elbo', 'prior', 'sampleLatent', 'generate'],
    latent,
    readsLabels: true,
    check: (facts) => {
      const { data } = facts;
      if (data === null) return null;
      if (data.numClasses === null)
        return { param: null, message: 'infers classes, and the data has none', help: 'Take data with labels, or the model `vae`.' };
      return (
        misfitOfAutoencoder({ latent, encoder, decoder, likelihood, prior }, facts) ??
        misfitOfNetworks({ classifier: [classifier, { input: data.shape, output: [data.numClasses] }] })
      );
    },
    build: (scope, data) => {
      const numClasses = data.numClasses ?? 0;
      const sizes = { input: data.shape, output: [2 * latent], condition: numClasses };
      const encoderLayers = encoder.build(scope.child('encoder'), sizes);
      const classifierLayers = classifier.build(scope.child('classifier'), { input: data.shape, output: [numClasses] });
      const decoderScope = scope.child('decoder');
      const decodeIn = createDecode(decoderScope, data, { latent, decoder, likelihood }, numClasses);
      const built = prior.build(decoderScope.child('prior'), latent, data);

      const elboByClass = (x: tf.Tensor, pass: Pass): tf.Tensor => {
        const [batch = 1, ...rest] = x.shape;
        const told = allClasses(batch, numClasses);
        const everyX = tf.tile(x, [numClasses, ...rest.map(() => 1)]);
        const posterior = createPosterior(encoderLayers.apply(everyX, pass, told).output, encoder.scale);
        // One draw for all classes of an example: what differs between them is the class alone.
        const noise = tf.tile(pass.noise.normal('posterior', [batch, latent]), [numClasses, 1]);
        const z = tf.add(posterior.mean, tf.mul(posterior.scale, noise));
        const distribution = built.within?.(needsNoEncoder, prefixPass(pass, 'prior')) ?? built;
        const divergence =
          distribution.kl === null
            ? tf.sub(tf.squeeze(posterior.logProb(tf.expandDims(z, 0)), [0]), distribution.logProb(z))
            : tf.sum(distribution.kl(posterior), 1);
        const elbo = tf.sub(tf.sub(decodeIn(z, pass, told).logProb(everyX), divergence), Math.log(numClasses));
        return tf.transpose(tf.reshape(elbo, [numClasses, batch]));
      };

      return (batch: Batch, pass) => {
        const x = memoize(() => examplesOf(batch));
        const distribution = memoize(() => built.within?.(needsNoEncoder, prefixPass(pass, 'prior')) ?? built);
        let numGenerated = 0;
        return createOffers({
          x,
          labels: () => {
            if (batch.labels === undefined) throw new Error('the pass was given no labels, and something reads them');
            return batch.labels;
          },
          'class.logits': () => classifierLayers.apply(x(), prefixPass(pass, 'classifier')).output,
          'class.elbo': () => elboByClass(x(), pass),
          prior: distribution,
          sampleLatent: () => (noise, count) => distribution().sample(noise, count),
          generate: () => (codes, labels) => {
            const chosen = oneHot(labels ?? classesInTurn(codes.shape[0], numClasses), numClasses);
            return decodeIn(codes, prefixPass(pass, `generate-${String(++numGenerated)}`), chosen).mean;
          },
        });
      };
    },
  }),
});

const needsNoEncoder = (): never => {
  throw new Error('the posteriors of `m2` hang on classes, and a prior can not be made of them: take another prior');
};
