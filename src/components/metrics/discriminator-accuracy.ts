/**
 * How often the discriminator is right: on real examples where D(x) > 1/2, on fakes where D(x) < 1/2. At exactly 1/2 it has guessed, and
 * is right half of the time. Both shares near 1 mean that it has won; both near 1/2, that it can tell nothing.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { createMeans, joinReducers } from '../shared/reducers.js';

const shareAboveZero = (logits: tf.Tensor): tf.Tensor => tf.mul(tf.add(tf.sign(logits), 1), 0.5);

export default defineComponent({
  kind: 'metric',
  name: 'discriminator-accuracy',
  description: 'Shares of the real examples and of the fakes that the discriminator takes for what they are, by the sign of its logit.',
  params: {},
  build: () => ({
    needs: ['discriminator.real', 'discriminator.fake'],
    columns: () => [
      { name: 'discriminator-accuracy.real', unit: '', title: 'Accuracy on real examples' },
      { name: 'discriminator-accuracy.fake', unit: '', title: 'Accuracy on fakes' },
    ],
    measure: (offers) => ({
      real: shareAboveZero(offers['discriminator.real'].logits),
      fake: shareAboveZero(tf.neg(offers['discriminator.fake'].logits)),
    }),
    reducer: () => joinReducers([createMeans('real', 1), createMeans('fake', 1)]),
  }),
});
