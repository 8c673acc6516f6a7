/**
 * Reconstructions compared by what a classifier sees: half the squared distance of its features of an example and of the means of its
 * reconstructions, a unit-variance Gaussian's -log p(f(x) | z) without its constant,
 *
 *   1/2 mean_b mean_l |f(x_b) - f(E[x | z_lb])|^2,   z_lb ~ q(z|x_b)
 *
 * Both papers divide by the number F of features, which the weight of the loss can do as well. The classifier is the experiment's own,
 * trained before, and stays as it is. Features forget what no class hangs on: beside `reconstruction`, the loss says which of its errors
 * matter.
 * Source: Johnson, Alahi & Fei-Fei 2016, "Perceptual losses for real-time style transfer and super-resolution"; in a VAE Hou et al. 2017,
 * "Deep feature consistent variational autoencoder". Shapes: L samples, B batch, F features.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';

export default defineComponent({
  kind: 'loss',
  name: 'perceptual',
  description:
    "Half the squared distance between the features that the experiment's `classifier` has of examples and of their reconstructions " +
    '(Hou et al. 2017); beside `reconstruction`, or in its place for codes that need only say what a classifier sees.',
  params: {},
  build: () => ({
    terms: [
      {
        players: ['encoder', 'decoder'],
        needs: ['x', 'likelihood', 'classify'],
        sign: 'non-negative',
        compute: ({ x, likelihood, classify }) => {
          const [numSamples = 1, batch = 1, ...shape] = likelihood.mean.shape;
          const features_BF = classify.features(x);
          const features_LBF = tf.reshape(classify.features(tf.reshape(likelihood.mean, [numSamples * batch, ...shape])), [
            numSamples,
            ...features_BF.shape,
          ]);
          return tf.mul(tf.mean(tf.sum(tf.squaredDifference(features_LBF, features_BF), 2)), 0.5);
        },
      },
    ],
  }),
});
