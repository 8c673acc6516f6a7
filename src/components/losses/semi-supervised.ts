/**
 * What labelled and unlabelled examples cost, with the bound -L(x, y) on log p(x, y) of each class:
 *
 *   labelled     L(x, y) - classification log q(y|x)
 *   unlabelled   sum_y q(y|x) L(x, y) - H(q(y|x))
 *
 * averaged over the batch. A label below 0 is hidden.
 * Source: Kingma, Rezende, Mohamed & Welling 2014, "Semi-supervised learning with deep generative models", equations 6 to 9.
 * Shapes: B batch, K classes.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';

export default defineComponent({
  kind: 'loss',
  name: 'semi-supervised',
  description:
    'The negative bounds of labelled and of unlabelled examples, and the cross-entropy of the labelled ones (Kingma et al. 2014), in nats.',
  params: {
    classification: {
      type: 'number',
      minimum: 0,
      default: 50,
      description:
        "Factor of the classifier's cross-entropy on labelled examples; the paper takes a tenth of the ratio of all to labelled examples.",
    },
  },
  build: ({ classification }) => ({
    terms: [
      {
        players: ['encoder', 'decoder', 'classifier'],
        needs: ['class.logits', 'class.elbo', 'labels'],
        compute: (offers) => {
          const elbo_BK = offers['class.elbo'];
          const [, numClasses = 1] = elbo_BK.shape;
          const logits_BK = offers['class.logits'];
          const logQ_BK = tf.sub(logits_BK, tf.logSumExp(logits_BK, 1, true));
          // By comparison: what one-hot makes of a class of -1 differs between engines.
          const places_K = tf.range(0, numClasses, 1, 'float32');
          const isClass_BK = tf.cast(tf.equal(tf.expandDims(tf.cast(offers.labels, 'float32'), 1), places_K), 'float32');
          const labelled_B = tf.sum(isClass_BK, 1);
          const known_B = tf.neg(tf.sum(tf.mul(isClass_BK, tf.add(elbo_BK, tf.mul(logQ_BK, classification))), 1));
          const hidden_B = tf.sum(tf.mul(tf.exp(logQ_BK), tf.sub(logQ_BK, elbo_BK)), 1);
          return tf.mean(tf.add(known_B, tf.mul(tf.sub(1, labelled_B), hidden_B)));
        },
      },
    ],
  }),
});
