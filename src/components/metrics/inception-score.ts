/**
 * What a classifier says of samples: the inception score, exp E KL(p(y|x) || p(y)), with the experiment's own classifier in Inception's place;
 * the same of the examples, which is as much as can be had; and the distance of the shares of the classes from those among the examples,
 *
 *   1/2 sum_k |p_g(k) - p_r(k)|,   p(k) = E p(k|x)
 *
 * The score is at most the number of classes, and exp(H) for the entropy H of their shares: 9.9826 on MNIST's test digits.
 * Source: Salimans et al. 2016, "Improved Techniques for Training GANs", section 4.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { generatedNeeds } from '../shared/generated.js';
import { createScores } from '../shared/inception-score.js';
import { samplesLike } from '../shared/sample-rows.js';

export default defineComponent({
  kind: 'metric',
  name: 'inception-score',
  description:
    "By the experiment's classifier: the inception score of the samples (1 where all look alike to it, the number of classes at best), that of " +
    'the examples, and how far the shares of classes among samples are from those among examples (0 to 1).',
  params: {},
  build: () => ({
    needs: [...generatedNeeds, 'classify', 'x'],
    columns: () => [
      { name: 'inception-score', unit: '', title: 'Inception score' },
      { name: 'inception-score.examples', unit: '', title: 'Inception score of the examples' },
      { name: 'class-imbalance', unit: '', title: 'Distance of the shares of classes' },
    ],
    measure: (offers, noise) => ({
      real: tf.softmax(offers.classify(offers.x)),
      fake: tf.softmax(offers.classify(samplesLike(offers, offers.x, noise))),
    }),
    reducer: (_, { numClasses }) => createScores(numClasses ?? 0),
  }),
});
