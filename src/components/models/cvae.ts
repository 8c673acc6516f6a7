/**
 * Conditional VAE: encoder and decoder are told the class of each example, q(z|x, y) and p(x|z, y), so that codes keep what the class does
 * not say, and examples can be made of a class.
 * Source: Sohn, Lee & Yan 2015, "Learning structured output representation using deep conditional generative models"; Kingma et al. 2014.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../../registry/contracts/index.js';
import { defineComponent } from '../../registry/define.js';
import { classesInTurn, createOneHot } from '../shared/conditioning.js';
import { createOffers } from '../shared/offers.js';
import { createVariational, misfitOfAutoencoder, variationalOffers, variationalParams } from '../shared/variational.js';

const labelsOf = ({ labels }: Batch): tf.Tensor => {
  if (labels === undefined) throw new Error('the pass was given no labels, and something reads them');
  return labels;
};

export default defineComponent({
  kind: 'model',
  name: 'cvae',
  description:
    'A VAE whose networks are told the class of each example (Sohn et al. 2015); it needs labels, and the plot `class-grid` shows what it ' +
    'makes of each class.',
  params: variationalParams,
  build: (parts) => ({
    players: ['encoder', 'decoder'],
    // Examples and codes without their classes are not enough for its networks.
    offers: [...variationalOffers(parts).filter((name) => name !== 'encode' && name !== 'decode'), 'labels'],
    latent: parts.latent,
    readsLabels: true,
    check: (facts) =>
      facts.data !== null && facts.data.numClasses === null
        ? { param: null, message: 'is told classes, and the data has no labels', help: 'Take data with labels, or the model `vae`.' }
        : misfitOfAutoencoder(parts, facts),
    build: (scope, data) => {
      const numClasses = data.numClasses ?? 0;
      const oneHot = createOneHot(numClasses);
      const told = (labels: tf.Tensor): tf.Tensor => tf.cast(oneHot.of(labels), 'float32');
      const offersOf = createVariational(scope, data, parts, {
        condition: {
          size: oneHot.size,
          ofBatch: (batch) => told(labelsOf(batch)),
          ofLabels: (count, labels) => told(labels ?? classesInTurn(count, numClasses)),
        },
      });
      return (batch, pass) => {
        return createOffers({ ...offersOf(batch, pass), labels: () => labelsOf(batch) });
      };
    },
  }),
});
