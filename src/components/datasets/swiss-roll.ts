/**
 * Points along a spiral of one and a half turns, from a third of its radius outwards:
 *
 *   x = t (cos t, sin t) * radius / (4.5 pi) + noise * (n1, n2),   t uniform on [1.5 pi, 4.5 pi]
 *
 * Source: the rolled sheet of Marsland 2009, "Machine Learning: An Algorithmic Perspective", as scikit-learn draws it, seen from its side.
 */
import { defineComponent } from '../../registry/define.js';
import { createToyDataset, toyParams } from '../shared/toy-data.js';

const END = 4.5 * Math.PI;

export default defineComponent({
  kind: 'dataset',
  name: 'swiss-roll',
  description: 'Points in the plane along a spiral, with Gaussian noise around it. They have no labels.',
  params: {
    radius: { type: 'number', exclusiveMinimum: 0, default: 3, description: 'Distance of the outer end of the spiral from the origin.' },
    noise: { type: 'number', minimum: 0, default: 0.1, description: 'Standard deviation of the noise in every direction.' },
    ...toyParams,
  },
  build: ({ radius, noise, ...splits }) => {
    const facts = { shape: [2], numClasses: null, support: 'real' } as const;
    const title = `Points along a spiral of radius ${radius}, noise of deviation ${noise}`;
    return createToyDataset(
      {
        title,
        facts,
        sample: (draws, x) => {
          draws('noise').normal(x);
          const positions = new Float32Array(x.length / 2);
          draws('position').uniform(positions);
          for (let i = 0; i < positions.length; i++) {
            const angle = (END / 3) * (1 + 2 * (positions[i] ?? 0));
            const distance = (angle / END) * radius;
            x[2 * i] = distance * Math.cos(angle) + noise * (x[2 * i] ?? 0);
            x[2 * i + 1] = distance * Math.sin(angle) + noise * (x[2 * i + 1] ?? 0);
          }
        },
      },
      splits,
    );
  },
});
