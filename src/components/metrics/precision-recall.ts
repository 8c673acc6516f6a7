/**
 * Improved precision and recall: the share of samples that lie among the examples, and of examples that lie among the samples, where a set
 * is taken for the union of balls around its members, each as large as the distance to the k-th nearest other member.
 * Source: Kynkaanniemi et al. 2019, "Improved Precision and Recall Metric for Assessing Generative Models", equations 1 and 2.
 */
import { defineComponent } from '../../registry/define.js';
import { neighbourShares } from '../shared/neighbours.js';
import { compareSamples, countParam, createRowKeeper, featuresParam, neighboursParam } from '../shared/sample-rows.js';

export default defineComponent({
  kind: 'metric',
  name: 'precision-recall',
  description:
    'Share of the samples that lie among the examples (precision: they look right), and of the examples that lie among the samples (recall: ' +
    'nothing is left out), by nearest neighbours.',
  params: { features: featuresParam, neighbours: { ...neighboursParam, default: 3 }, count: countParam },
  build: ({ features, neighbours, count }) => ({
    columns: () => [
      { name: 'precision', unit: '', title: 'Precision' },
      { name: 'recall', unit: '', title: 'Recall' },
    ],
    ...compareSamples(features, count, () =>
      createRowKeeper(2, (real, fake) => {
        const { precision, recall } = neighbourShares(real, fake, neighbours, true);
        return [precision, recall];
      }),
    ),
  }),
});
