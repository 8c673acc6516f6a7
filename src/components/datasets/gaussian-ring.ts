/**
 * Points around equally likely modes on a ring: mode k lies at the angle 2 pi k / modes.
 * Source: Metz, Poole, Pfau & Sohl-Dickstein 2017, "Unrolled Generative Adversarial Networks", the mixture of eight Gaussians.
 */
import { defineComponent } from '../../registry/define.js';
import { createToyDataset, deviationParam, sampleMixture, toyParams } from '../shared/toy-data.js';

export default defineComponent({
  kind: 'dataset',
  name: 'gaussian-ring',
  description: 'Points in the plane around equally likely Gaussian modes on a ring; the class of a point is its mode.',
  params: {
    modes: { type: 'integer', minimum: 1, default: 8, description: 'Number of modes.' },
    radius: { type: 'number', minimum: 0, default: 2, description: 'Distance of the modes from the origin.' },
    deviation: deviationParam(0.05),
    ...toyParams,
  },
  build: ({ modes, radius, deviation, ...splits }) => {
    const means = Array.from({ length: modes }, (_, k) => {
      const angle = (2 * Math.PI * k) / modes;
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    });
    const mixture = { means, deviation };
    const facts = { shape: [2], numClasses: modes, support: 'real', mixture } as const;
    const title = `${modes} Gaussians of deviation ${deviation} on a ring of radius ${radius}`;
    return createToyDataset({ title, facts, sample: sampleMixture(mixture) }, splits);
  },
});
