/**
 * The classes of an ACGAN: the discriminator learns to tell the class of real examples and of fakes, and the generator to make fakes whose
 * class can be told. Cross entropies in nats. Source: Odena, Olah & Shlens 2017, equation 3 (L_C).
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { classCrossEntropy } from '../shared/class-cross-entropy.js';

export default defineComponent({
  kind: 'loss',
  name: 'auxiliary-classifier',
  description: 'The cross entropy of the classes that the discriminator tells (Odena et al. 2017), of real examples and of fakes. In nats.',
  params: {},
  build: () => ({
    terms: [
      {
        players: ['discriminator'],
        needs: ['labels', 'classes.real', 'classes.fake', 'fake.labels'],
        sign: 'non-negative',
        compute: (offers) =>
          tf.add(
            classCrossEntropy(offers['classes.real'], offers.labels),
            classCrossEntropy(offers['classes.fake'], offers['fake.labels']),
          ),
      },
      {
        players: ['generator'],
        needs: ['classes.fake', 'fake.labels'],
        sign: 'non-negative',
        compute: (offers) => classCrossEntropy(offers['classes.fake'], offers['fake.labels']),
      },
    ],
  }),
});
