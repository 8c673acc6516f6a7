/**
 * Which classes the model's samples are of, by the experiment's classifier: how sure it is of them, and whether all classes come up. A
 * model that leaves classes out, or blends them, shows here and in no loss. What the classifier knows bounds what this says: samples that
 * are no digits at all may be named with confidence.
 */
import * as tf from '@tensorflow/tfjs-core';
import { defineComponent } from '../../registry/define.js';
import { createClassShares } from '../shared/class-shares.js';
import { generatedNeeds } from '../shared/generated.js';

export default defineComponent({
  kind: 'metric',
  name: 'sample-classes',
  description:
    "Of as many samples as there are examples, by the experiment's classifier: the mean probability of the class that each is named; the " +
    'entropy of the shares of the classes, 1 where all are equally frequent, 0 where there is one only; and the share of the rarest class.',
  params: {},
  build: () => ({
    needs: [...generatedNeeds, 'classify', 'x'],
    columns: () => [
      { name: 'sample-confidence', unit: '', title: 'Mean probability of the named class' },
      { name: 'class-balance', unit: '', title: 'Entropy of the shares of classes' },
      { name: 'rarest-class', unit: '', title: 'Share of the rarest class' },
    ],
    measure: ({ sampleLatent, generate, classify, x }, noise) => {
      const [count = 0] = x.shape;
      const samples = generate(sampleLatent(noise, count));
      return { probabilities: tf.softmax(classify(samples)) };
    },
    reducer: (_, { numClasses }) => createClassShares('probabilities', numClasses ?? 0),
  }),
});
