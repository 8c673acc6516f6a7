/**
 * Points around equally likely modes on a square grid about the origin, row by row: as it stands {-4, -2, 0, 2, 4} x {-4, -2, 0, 2, 4}.
 * Source: Lin, Khetan, Fanti & Oh 2018, "PacGAN", the 2D-grid; after Srivastava et al. 2017, "VEEGAN".
 */
import { defineComponent } from '../../registry/define.js';
import { createToyDataset, deviationParam, sampleMixture, toyParams } from '../shared/toy-data.js';

export default defineComponent({
  kind: 'dataset',
  name: 'gaussian-grid',
  description: 'Points in the plane around equally likely Gaussian modes on a square grid; the class of a point is its mode.',
  params: {
    side: { type: 'integer', minimum: 1, default: 5, description: 'Modes along each side; there are as many squared.' },
    spacing: { type: 'number', exclusiveMinimum: 0, default: 2, description: 'Distance between neighbouring modes.' },
    deviation: deviationParam(0.05),
    ...toyParams,
  },
  build: ({ side, spacing, deviation, ...splits }) => {
    const places = Array.from({ length: side }, (_, i) => (i - (side - 1) / 2) * spacing);
    const mixture = { means: places.flatMap((y) => places.map((x) => [x, y])), deviation };
    const facts = { shape: [2], numClasses: side ** 2, support: 'real', mixture } as const;
    const title = `${side} x ${side} Gaussians of deviation ${deviation}, ${spacing} apart`;
    return createToyDataset({ title, facts, sample: sampleMixture(mixture) }, splits);
  },
});
