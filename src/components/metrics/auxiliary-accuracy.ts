/**
 * How often the classifier inside a discriminator is right: on real examples by their labels, on fakes by the classes that they were made
 * for. The second says how well a generator keeps to its classes, by the word of a judge that it was trained with.
 * Source: Odena, Olah & Shlens 2017, "Conditional Image Synthesis with Auxiliary Classifier GANs".
 */
import { defineComponent } from '../../registry/define.js';
import { isRightClass } from '../shared/class-accuracy.js';
import { createMeans, joinReducers } from '../shared/reducers.js';

export default defineComponent({
  kind: 'metric',
  name: 'auxiliary-accuracy',
  description: 'Shares of the real examples and of the fakes that the classifier inside the discriminator gives the right class.',
  params: {},
  build: () => ({
    needs: ['classes.real', 'labels', 'classes.fake', 'fake.labels'],
    columns: () => [
      { name: 'auxiliary-accuracy.real', unit: '', title: 'Class accuracy on real examples' },
      { name: 'auxiliary-accuracy.fake', unit: '', title: 'Class accuracy on fakes' },
    ],
    measure: (offers) => ({
      real: isRightClass(offers['classes.real'], offers.labels),
      fake: isRightClass(offers['classes.fake'], offers['fake.labels']),
    }),
    reducer: () => joinReducers([createMeans('real', 1), createMeans('fake', 1)]),
  }),
});
