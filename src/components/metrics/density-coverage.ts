/**
 * Density and coverage: how many balls of examples a sample lies in, on average and divided by k, and the share of examples that have a
 * sample in their ball. One outlier among the examples or samples, whose ball is large, spoils neither. For equal distributions density is 1
 * on average, and coverage 1 - prod_{i=1..k} (N-i) / (N+M-i) for N examples and M samples.
 * Source: Naeem et al. 2020, "Reliable Fidelity and Diversity Metrics for Generative Models", equations 6, 7 and 9.
 */
import { defineComponent } from '../../registry/define.js';
import { neighbourShares } from '../shared/neighbours.js';
import { compareSamples, countParam, createRowKeeper, featuresParam, neighboursParam } from '../shared/sample-rows.js';

export default defineComponent({
  kind: 'metric',
  name: 'density-coverage',
  description:
    'How densely examples lie where samples are (1 for equal distributions, above where samples keep to the typical), and the share of ' +
    'examples that have a sample near them.',
  params: { features: featuresParam, neighbours: { ...neighboursParam, default: 5 }, count: countParam },
  build: ({ features, neighbours, count }) => ({
    columns: () => [
      { name: 'density', unit: '', title: 'Density' },
      { name: 'coverage', unit: '', title: 'Coverage' },
    ],
    ...compareSamples(features, count, () =>
      createRowKeeper(2, (real, fake) => {
        const { density, coverage } = neighbourShares(real, fake, neighbours, false);
        return [density, coverage];
      }),
    ),
  }),
});
