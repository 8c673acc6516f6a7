/** Numbers from one Gaussian, N(mean, deviation²): the smallest data there is, for checks against closed forms. */
import { defineComponent } from '../../registry/define.js';
import { createToyDataset, deviationParam, sampleMixture, toyParams } from '../shared/toy-data.js';

export default defineComponent({
  kind: 'dataset',
  name: 'gaussian-1d',
  description: 'Numbers from one Gaussian. They have no labels.',
  params: {
    mean: { type: 'number', default: 0, description: 'Mean of the Gaussian.' },
    deviation: deviationParam(1),
    ...toyParams,
  },
  build: ({ mean, deviation, ...splits }) => {
    const mixture = { means: [[mean]], deviation };
    const facts = { shape: [1], numClasses: null, support: 'real', mixture } as const;
    const title = `Numbers from a Gaussian of mean ${mean} and deviation ${deviation}`;
    return createToyDataset({ title, facts, sample: sampleMixture(mixture) }, splits);
  },
});
