/**
 * Whether samples are copies of what was learned from: the distance of each to the nearest training example. A model that generalises makes
 * samples as far from them as other examples are (a ratio near 1); one that remembers makes nearer ones. A copy is a sample whose nearest
 * training example is much nearer than the second: without copies among the training examples themselves, chance makes few of these.
 * Sources: Meehan, Chaudhuri & Dasgupta 2020, "A Non-Parametric Test to Detect Data-Copying in Generative Models"; the ratio of the two
 * nearest after Yoon et al. 2023, "Diffusion Probabilistic Models Generalize when They Fail to Memorize".
 */
import { defineComponent } from '../../registry/define.js';
import { createNearestTraining } from '../shared/nearest-training.js';
import { compareSamples, countParam, featuresParam } from '../shared/sample-rows.js';

export default defineComponent({
  kind: 'metric',
  name: 'nearest-training',
  description:
    'Median distance of samples to the nearest training example, its ratio to the same of the examples of the split (below 1 where the model ' +
    'remembers), and the share of samples that are copies. On the training split itself, an example is not its own neighbour.',
  params: {
    features: { ...featuresParam, default: 'pca', description: 'What they are compared by: `pca`, or `pixels`, which takes longer.' },
    count: { ...countParam, default: 1000 },
    copy: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.3333,
      description: 'A sample is a copy where the nearest training example is nearer than this part of the distance to the second.',
    },
  },
  build: ({ features, count, copy }) => {
    const members = compareSamples(features, count, (data) => createNearestTraining(data, features.fit?.(data) ?? null, copy));
    return {
      ...members,
      columns: () => [
        { name: 'nearest-training', unit: '', title: 'Distance of samples to the training examples' },
        { name: 'nearest-training.ratio', unit: '', title: "That distance, over the examples' own" },
        { name: 'nearest-training.copies', unit: '', title: 'Share of samples that are copies' },
      ],
      check: (facts) =>
        features.needs.length === 0
          ? (members.check?.(facts) ?? null)
          : {
              param: 'features',
              message: 'are computed by the model, and all training examples are too many for that',
              help: 'Take `features: pca` or `features: pixels`.',
            },
    };
  },
});
